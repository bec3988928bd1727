using System.Text;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Tests.Fuzzing;

/// <summary>All that is fuzzed.</summary>
internal static class FuzzTargets
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("requests", input => FuzzedRequests.Take(Encoding.UTF8.GetString(input))),
        new("records", input => FuzzedHistory.TakeRecords(Encoding.UTF8.GetString(input))),
        new("documents", input => FuzzedHistory.TakeDocument(Encoding.UTF8.GetString(input))),
        new("connections", input => FuzzedSettings.TakeConnection(Encoding.UTF8.GetString(input))),
        new("settings", input => FuzzedSettings.Take(Encoding.UTF8.GetString(input))),
        new("schedules", input => TakeSchedule(Encoding.UTF8.GetString(input))),
        new("plans", input => TakePlan(Encoding.UTF8.GetString(input))),
        new("memcached", FuzzedReplies.TakeMemcached),
        new("redis", FuzzedReplies.TakeRedis),
    ];

    /// <exception cref="ArgumentException">There is no such target.</exception>
    public static FuzzTarget Of(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"The target must be one of {string.Join(", ", All.Select(target => target.Name))}.");

    private static void TakeSchedule(string text)
    {
        if (Schedule.Parse(text, out _) is not { } schedule)
        {
            return;
        }

        var next = schedule.Next(_now);
        var last = schedule.Last(next);
        var count = schedule.Count(_now.AddDays(-1), _now);
        if (next <= _now || last != next || count < 0 || schedule.Interval < Schedule.MinInterval)
        {
            throw new FuzzFaultException($"{text}: next {next:O}, last {last:O}, {count} a day.");
        }
    }

    private static void TakePlan(string text)
    {
        try
        {
            var plan = MigrationPlan.Read(new StringReader(text));
            plan.Compare(new HashSet<Migration>());
            plan.Expects("caluma");
        }
        catch (FormatException)
        {
            // What it says of a text that is no plan.
        }
    }
}
