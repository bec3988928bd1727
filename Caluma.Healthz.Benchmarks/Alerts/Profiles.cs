namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>Healthy systems, none of which may raise more than 0.2 alerts a month and check.</summary>
internal static class Profiles
{
    private const string FiveMinutes = "0 */5 * * * *";
    private const string QuarterHour = "0 */15 * * * *";

    /// <summary>Of twice the load every 5, 15 or 30 min.</summary>
    private const double MaxAtMonthEnd = 1;

    /// <summary>The schedules by name.</summary>
    private static readonly (string Name, string Schedule)[] _schedules =
    [
        ("", "0 * * * * *"), (", 5 min", FiveMinutes), (", 15 min", QuarterHour), (", 30 min", "0 */30 * * * *"), (", 1 h", "0 0 * * * *"),
    ];

    public static IReadOnlyList<Profile> Healthy { get; } =
    [
        .. Each(new("flat")),
        .. Each(new("business 2x") { Load = Business(2) }),
        .. Each(new("business 3x") { Load = Business(3) }),
        .. Each(new("business 5x") { Load = Business(5) }),
        .. Each(new("weekend") { Load = Weekdays(4), FirstDay = 4 }),
        .. Each(new("nightly batch") { Load = Batch(2, 3) }),
        .. Each(new("heavy tail") { Noise = Noise.Pareto(1.2) }),
        .. Each(new("summer time") { Load = Shifted(4, 1), Noise = Noise.LogNormal(0.4) }),
        .. Each(new("winter time") { Load = Shifted(4, -1), Noise = Noise.LogNormal(0.4) }),
        .. Each(new("month end") { Load = time => Business((time - Profile.Start).TotalDays is >= 25 and < 28 ? 3 : 2)(time) }),
        .. Each(new("0.1 % fail, 99.5 %") { Failing = 0.001 }),
        .. Each(new("daily sawtooth") { Load = Sawtooth(1), Noise = Noise.LogNormal(0.3) }),
        .. Each(new("weekly sawtooth") { Load = Sawtooth(7), Noise = Noise.LogNormal(0.3) }),
        .. Each(new("load at weekends alone") { Load = AtWeekends(4) }),
        .. Each(new("daily release") { Load = AfterRelease }),
        .. Each(new("mixed tails") { Noise = Noise.Mixed(Noise.LogNormal(0.3), Noise.LogNormal(1.4), Noise.Pareto(1.5)) }),
        .. Each(new("month end 2x") { Load = time => Business((time - Profile.Start).TotalDays is >= 25 and < 28 ? 4 : 2)(time) })
            .Select(profile => profile.Schedule.Contains('/', StringComparison.Ordinal)
                ? profile with { MaxAlertsPerMonth = MaxAtMonthEnd } : profile),
        .. Each(new("queue") { Load = Business(2), Noise = Noise.Queue(4) }),
        .. Each(new("weekly release") { Load = time => 1 + (0.3 * ((int)((time - Profile.Start).TotalDays / 7) % 2)),
            Noise = Noise.LogNormal(0.6) }),
        .. Each(new("20 % a month") { Load = time => Business(2)(time) * Math.Pow(1.2, (time - Profile.Start).TotalDays / 30) }),
        .. Each(new("a slow run an hour") { Load = time => time.Minute == 0 ? 8 : 1, Noise = Noise.LogNormal(0.5) }),
        .. Each(new("cold caches each morning") { Load = time => time.TimeOfDay.TotalMinutes is >= 420 and < 440 ? 8 : 1 }),
        new("flat, 5 s") { Schedule = "*/5 * * * * *" },
        new("1 % fail, 99 %, 5 s") { Failing = 0.01, Slo = 99, Schedule = "*/5 * * * * *" },
        .. Each(new("1 % fail in pairs, 99 %") { Failing = 0.005, Burst = 2, Slo = 99 }),
        .. Each(new("0.5 % fail in pairs, 99.5 %") { Failing = 0.0025, Burst = 2 }),
        new("two runs of an hour lack") { Load = Business(3), Lacks = time => time.Minute is 20 or 21 },
        new("flat, 30 s") { Schedule = "*/30 * * * * *" },
        new("flat, fast") { BaseMs = 5 },
        new("flat, slow") { BaseMs = 1000, Noise = Noise.LogNormal(0.4) },
        new("business 3x, little noise") { Load = Business(3), Noise = Noise.LogNormal(0.3) },
        new("business 5x, slow") { Load = Business(5), BaseMs = 300, Noise = Noise.LogNormal(0.3), FirstDay = 5 },
        new("sine 3x") { Load = time => 2 + Math.Sin((time.TimeOfDay.TotalHours - 8) / 24 * 2 * Math.PI), Noise = Noise.LogNormal(0.5) },
        new("weekend, begins on a Saturday") { Load = Weekdays(3), FirstDay = 5, Noise = Noise.LogNormal(0.3) },
        new("weekend 5x, 15 min") { Load = Weekdays(5), Schedule = QuarterHour, FirstDay = 4 },
        new("Monday alone") { Load = time => time.DayOfWeek == DayOfWeek.Monday ? Business(4)(time) : 1, FirstDay = 1 },
        new("nightly batch of 3 h, little noise") { Load = Batch(1.5, 4.5), Noise = Noise.LogNormal(0.3) },
        new("weekly batch") { Load = time => time.DayOfWeek == DayOfWeek.Sunday ? Batch(1, 5)(time) : 1,
            FirstDay = 2, Noise = Noise.LogNormal(0.3) },
        new("heavy tail, log-normal") { Noise = Noise.LogNormal(1.6) },
        new("bimodal 50 %") { Noise = Noise.Bimodal(0.5, 10) },
        new("bimodal 5 %") { Noise = Noise.Bimodal(0.05, 20) },
        new("bimodal 30 %, 15 min") { Noise = Noise.Bimodal(0.3, 10), Schedule = QuarterHour },
        new("gets noisy") { Load = _ => 1, Noise = Noise.LogNormal(0.8) },
        new("holiday") { Load = time => time.Date == Profile.Start.AddDays(14).Date ? 1 : Weekdays(4)(time), Noise = Noise.LogNormal(0.4) },
        new("releases up and down") { Load = time => Math.Pow(1.4, (int)((time - Profile.Start).TotalDays / 5) % 2),
            Noise = Noise.LogNormal(0.6) },
        new("nightly maintenance") { Load = Business(3), MaintenanceHours = (1, 4) },
        new("records lack now and then") { Load = Business(3), Missing = 0.01 },
        new("1 % fail, 99 %") { Failing = 0.01, Slo = 99 },
        new("1 % fail, 99 %, 30 s") { Failing = 0.01, Slo = 99, Schedule = "*/30 * * * * *" },
        new("1 % fail, 99 %, 5 min") { Failing = 0.01, Slo = 99, Schedule = FiveMinutes },
        new("1 % fail, 99 %, 15 min") { Failing = 0.01, Slo = 99, Schedule = QuarterHour },
        new("1 % fail, 99 %, 30 min") { Failing = 0.01, Slo = 99, Schedule = "0 */30 * * * *" },
        new("0.5 % fail, 99.5 %") { Failing = 0.005 },
        new("0.5 % fail, 99.5 %, 5 min") { Failing = 0.005, Schedule = FiveMinutes },
        new("0.5 % fail, 99.5 %, 15 min") { Failing = 0.005, Schedule = QuarterHour },
        new("0.1 % fail, 99.9 %") { Failing = 0.001, Slo = 99.9 },
        new("0.1 % fail, 99.9 %, 5 min") { Failing = 0.001, Slo = 99.9, Schedule = FiveMinutes },
        new("0.01 % fail, 99.99 %") { Failing = 0.0001, Slo = 99.99 },
    ];

    /// <summary>A load that is higher by a factor from 8:00 to 18:00, with an hour of transition.</summary>
    public static Func<DateTimeOffset, double> Business(double factor) => time =>
    {
        var hour = time.TimeOfDay.TotalHours;
        return 1 + ((factor - 1) * Math.Clamp(Math.Min(hour - 7.5, 18.5 - hour), 0, 1));
    };

    /// <summary>The same profile on each schedule.</summary>
    private static IEnumerable<Profile> Each(Profile profile) =>
        _schedules.Select(schedule => profile with { Name = profile.Name + schedule.Name, Schedule = schedule.Schedule });

    /// <summary>Grows threefold within some days and starts again, like a process that is restarted.</summary>
    private static Func<DateTimeOffset, double> Sawtooth(double days) => time => 1 + (2 * ((time - Profile.Start).TotalDays % days / days));

    private static Func<DateTimeOffset, double> AtWeekends(double factor) =>
        time => time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Business(factor)(time) : 1;

    /// <summary>Clocks that are set back or ahead after two weeks.</summary>
    private static Func<DateTimeOffset, double> Shifted(double factor, double hours) =>
        time => Business(factor)(time < Profile.Start.AddDays(14) ? time : time.AddHours(hours));

    /// <summary>A release at 10:00 of each working day, with two slow minutes after it.</summary>
    private static double AfterRelease(DateTimeOffset time) =>
        time.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && time.TimeOfDay.TotalMinutes is >= 600 and < 602 ? 15 : 1;

    private static Func<DateTimeOffset, double> Weekdays(double factor) =>
        time => time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : Business(factor)(time);

    private static Func<DateTimeOffset, double> Batch(double from, double to) =>
        time => time.TimeOfDay.TotalHours >= from && time.TimeOfDay.TotalHours < to ? 4 : 1;
}
