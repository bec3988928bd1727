using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>Makes records.</summary>
internal static class Records
{
    /// <summary>Noon of a Sunday.</summary>
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static readonly DateOnly Day = new(2026, 11, 22);

    /// <summary>A run of one check on a number of targets.</summary>
    public static RunRecord At(DateTimeOffset tick, string instance = "one", Reason? fails = null, int targets = 1) => new(
        tick,
        tick.AddMilliseconds(7),
        3.2,
        fails is null,
        Late: false,
        Maintenance: false,
        "test",
        instance,
        [.. Enumerable.Range(0, targets).Select(target => new CheckRecord(Check.Databases, $"db{target}", fails is null, 3.2, fails))]);

    /// <summary>Some minutes of runs from noon on.</summary>
    public static IReadOnlyList<RunRecord> Minutes(int count, string instance = "one") =>
        [.. Enumerable.Range(0, count).Select(minute => At(Noon.AddMinutes(minute), instance))];

    /// <summary>The identity of a record, such as <c>12:05 one</c>.</summary>
    public static string Name(this RunRecord record) => $"{record.Tick:HH:mm} {record.Instance}";
}
