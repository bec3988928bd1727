using Caluma.Healthz.Configuration;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>An invented history up to a moment, healthy except for the changes of a test. Times are relative to its end.</summary>
internal sealed record InventedHistory
{
    /// <summary>The end: half a minute after a tick of any schedule.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 30, TimeSpan.Zero);

    public TimeSpan Length { get; init; } = TimeSpan.FromDays(10);

    public string Schedule { get; init; } = "0 */10 * * * *";

    public Func<CheckRecord, TimeSpan, Reason?> Fails { get; init; } = (_, _) => null;

    public Func<CheckRecord, TimeSpan, double> Milliseconds { get; init; } = (check, ago) => 5 + (int)check.Check + (ago.Minutes / 10.0);

    public Func<TimeSpan, bool> IsMissing { get; init; } = _ => false;

    public Func<TimeSpan, bool> IsMaintenance { get; init; } = _ => false;

    /// <summary>Whether it is the history of <c>./dev run --demo</c>.</summary>
    public bool IsDemo { get; init; }

    public IEnumerable<RunRecord> Records(HealthzOptions options) =>
        IsDemo ? new DemoHistory(options, Now).Records() : Invented(options);

    private IEnumerable<RunRecord> Invented(HealthzOptions options)
    {
        var targets = CheckTargets.Of(options).Select(target => new CheckRecord(target.Check, target.Target, Ok: true, Ms: 0)).ToList();
        for (var tick = options.Schedule.Next(Now - Length); tick <= Now; tick = options.Schedule.Next(tick))
        {
            var ago = Now - tick;
            if (!IsMissing(ago))
            {
                var checks = targets.ConvertAll(target => Fails(target, ago) is { } reason
                    ? target with { Ok = false, Ms = Milliseconds(target, ago), Reason = reason }
                    : target with { Ms = Milliseconds(target, ago) });
                yield return new RunRecord(tick, tick, checks.Max(check => check.Ms),
                    checks.TrueForAll(check => check.Ok), Late: false, IsMaintenance(ago), "test", "test", checks);
            }
        }
    }
}
