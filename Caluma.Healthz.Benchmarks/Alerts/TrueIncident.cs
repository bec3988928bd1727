using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>An incident of a system with a database, a cache and a media storage, and the pages that it may make.</summary>
/// <param name="Name">The name of the incident.</param>
/// <param name="MaxPages">The maximum of pages.</param>
/// <param name="Fails">The checks that fail, given the minutes since the start: see <see cref="Database"/> and the others.</param>
internal sealed record TrueIncident(string Name, int MaxPages, Func<double, Random, string> Fails)
{
    /// <summary>The checks of the database.</summary>
    public const string Database = "database";

    /// <summary>Only the models check.</summary>
    public const string Models = "models";

    /// <summary>All checks.</summary>
    public const string Everything = "everything";

    private const string Nothing = "";

    public string Schedule { get; init; } = "0 * * * * *";

    public double Slo { get; init; } = 99.5;

    /// <summary>The maximum of minutes until the first page; null where no page is required.</summary>
    public double? MaxMinutes { get; init; }

    /// <summary>The healthy days before it.</summary>
    public double DaysBefore { get; init; } = 3.5;

    /// <summary>The simulated minutes.</summary>
    public double Minutes { get; init; } = 24 * 60;

    /// <summary>The factor by which passing runs of the database are slower meanwhile.</summary>
    public Func<double, double> Slow { get; init; } = _ => 1;

    /// <summary>How many databases there are besides.</summary>
    public int Databases { get; init; }

    /// <summary>Which of those fail after so many minutes.</summary>
    public Func<double, int, bool> FailsOf { get; init; } = (_, _) => false;

    /// <summary>The options of the rules.</summary>
    public HealthzOptions Options => new() { Schedule = Configuration.Schedule.Parse(Schedule, out _)!, Slo = Slo };

    private DateTimeOffset Begin => Profile.Start.AddDays(DaysBefore);

    public static IReadOnlyList<TrueIncident> All { get; } =
    [
        new("fail-over of 43 s", 0, During(0.72, Database)),
        new("fail-over of 3 min", 1, During(3, Database)) { MaxMinutes = 2 },
        new("database down for 1 h", 1, During(60, Database)) { MaxMinutes = 2 },
        new("database down for 1 h, 99.9 %", 1, During(60, Database)) { MaxMinutes = 2, Slo = 99.9 },
        new("database down for 1 h, 5 min", 1, During(60, Database)) { MaxMinutes = 10, Schedule = "0 */5 * * * *" },
        new("database down for 3 h, 15 min", 1, During(180, Database)) { MaxMinutes = 30, Schedule = "0 */15 * * * *" },
        new("database down for 3 h, 30 min", 1, During(180, Database)) { MaxMinutes = 60, Schedule = "0 */30 * * * *" },
        new("certificate expired, found at night", 1, During(9 * 60, Database)) { MaxMinutes = 2 },
        new("pool exhaustion over 47 min", 1, (minute, random) => minute < 47
            && random.NextDouble() < 0.2 + (minute / 80) ? Database : Nothing),
        new("disk full, models only", 1, During(90, Models)) { MaxMinutes = 2 },
        new("DNS flapping for 3 h", 3, (minute, random) => minute < 180
            && random.NextDouble() < 0.5 ? Everything : Nothing) { MaxMinutes = 30 },
        new("DNS flapping for 3 h, one run of five", 3, (minute, random) => minute < 180
            && random.NextDouble() < 0.2 ? Everything : Nothing),
        new("DNS flapping for 3 h, each system for itself", 3, (minute, random) => minute >= 180 ? Nothing
            : string.Concat(new[] { Database, "cache", "media" }.Where(_ => random.NextDouble() < 0.4))) { MaxMinutes = 30 },
        new("half the runs of the database fail", 1, (minute, random) => minute < 300
            && random.NextDouble() < 0.5 ? Database : Nothing) { MaxMinutes = 30 },
        new("half the runs of the database fail, 15 min", 3, (minute, random) => minute < 900
            && random.NextDouble() < 0.5 ? Database : Nothing) { Schedule = "0 */15 * * * *" },
        new("every other run fails", 1, (minute, _) => minute < 300 && (int)minute % 2 == 0 ? Database : Nothing) { MaxMinutes = 30 },
        new("every other run fails, 5 min", 1, (minute, _) => minute < 600 && (int)(minute / 5) % 2 == 0 ? Database : Nothing)
        {
            MaxMinutes = 60,
            Schedule = "0 */5 * * * *",
        },
        new("every other run fails, 15 min", 1, (minute, _) => minute < 900 && (int)(minute / 15) % 2 == 0 ? Database : Nothing)
        {
            MaxMinutes = 90,
            Schedule = "0 */15 * * * *",
        },
        new("50 databases die at once", 1, During(0, Nothing)) { Databases = 50, FailsOf = (minute, _) => minute < 60, MaxMinutes = 2 },
        new("20 of 50 databases, one by one in 10 min", 5, During(0, Nothing)) { Databases = 50, MaxMinutes = 2,
            FailsOf = (minute, one) => one < 20 && minute >= one / 2.0 && minute < 60 },
        new("rolling restart of 10 databases", 3, During(0, Nothing)) { Databases = 10, MaxMinutes = 2,
            FailsOf = (minute, one) => minute >= one * 4 && minute < (one * 4) + 5 },
        new("network split: cache and 6 of 10 databases", 1, During(30, "cache")) { Databases = 10, MaxMinutes = 2,
            FailsOf = (minute, one) => one < 6 && minute < 30 },
        new("down each Sunday for 10 min, 4 weeks", 4, (minute, _) => minute % (7 * 24 * 60) < 10 ? Database : Nothing)
        {
            DaysBefore = 6,
            Minutes = 28 * 24 * 60,
            MaxMinutes = 2,
        },
        new("maintenance overrun by 25 min", 1, During(25, Database)) { MaxMinutes = 2 },
        new("the probe's own network lost for 20 min", 1, During(20, Everything)) { MaxMinutes = 2 },
        new("brown-out 4x for 3 h", 0, (_, _) => Nothing) { Slow = minute => minute < 180 ? 4 : 1, DaysBefore = 9 },
        new("twice as slow each day", 1, (minute, random) => minute > 7 * 24 * 60 && random.NextDouble() < 0.9 ? Database : Nothing)
        {
            Slow = minute => Math.Pow(2, Math.Min(7, minute / 24 / 60)),
            Minutes = 8.5 * 24 * 60,
        },
        new("1 % for 5 days, 99.9 %", 14, (minute, random) => minute < 5 * 24 * 60 && random.NextDouble() < 0.01 ? Database : Nothing)
        {
            Slo = 99.9,
            Minutes = 6 * 24 * 60,
        },
    ];

    /// <summary>Replays the incident for a seed.</summary>
    /// <returns>The number of pages, the number of tickets, and the minutes until the first page.</returns>
    public (int Pages, int Tickets, double? FirstPage) Replay(int seed)
    {
        var replay = new Replay(Options);
        foreach (var record in Records(seed))
        {
            replay.Add(record);
        }

        var pages = replay.Incidents.Where(incident => incident.Severity == Severity.Critical).ToList();
        return (
            pages.Sum(incident => incident.Notifications),
            replay.Incidents.Count - pages.Count,
            pages.Count == 0 ? null : (pages.Min(incident => incident.Opened) - Begin).TotalMinutes);
    }

    /// <summary>All runs for a seed, including those before the incident.</summary>
    public IEnumerable<RunRecord> Records(int seed)
    {
        var (schedule, random) = (Options.Schedule, new Random(seed));
        for (var tick = schedule.Next(Profile.Start.AddTicks(-1)); tick < Begin.AddMinutes(Minutes); tick = schedule.Next(tick))
        {
            var minute = (tick - Begin).TotalMinutes;
            yield return Run(tick, minute < 0 ? Nothing : Fails(minute, random), minute < 0 ? 1 : Slow(minute), random, minute);
        }
    }

    private static Func<double, Random, string> During(double minutes, string fails) => (minute, _) => minute < minutes ? fails : Nothing;

    private static bool IsOfDatabase(Check check) => check is not (Check.Caches or Check.MediaStorageService);

    private RunRecord Run(DateTimeOffset tick, string fails, double slow, Random random, double minute)
    {
        bool Has(string part) => fails.Contains(part, StringComparison.Ordinal) || fails == Everything;

        CheckRecord Check(Check check, bool hasFailed, string target = "default") => hasFailed
            ? new CheckRecord(check, target, false, 5000, Reason.Timeout)
            : new CheckRecord(
                check, target, true, Math.Round(20 * (IsOfDatabase(check) ? slow : 1) * Math.Exp(0.3 * Noise.Normal(random)), 2));

        return Profile.Run(
            tick,
            maintenance: false,
        [
            Check(Healthz.Check.MediaStorageService, Has("media")),
            Check(Healthz.Check.Caches, Has("cache")),
            Check(Healthz.Check.DatabaseMigrations, Has(Database)),
            Check(Healthz.Check.Databases, Has(Database)),
            Check(Healthz.Check.DatabaseModels, Has(Database) || Has(Models)),
            .. from one in Enumerable.Range(0, Databases)
               let isDown = minute >= 0 && FailsOf(minute, one)
               from check in (Check[])[Healthz.Check.Databases, Healthz.Check.DatabaseModels]
               select Check(check, isDown, $"db{one:00}"),
        ]);
    }
}
