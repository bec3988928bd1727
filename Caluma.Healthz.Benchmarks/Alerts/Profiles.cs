namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>Systems that are well: none of them may raise more than 0.2 alerts a month and check.</summary>
internal static class Profiles
{
    private const string FiveMinutes = "0 */5 * * * *";
    private const string QuarterHour = "0 */15 * * * *";

    public static IReadOnlyList<Profile> Healthy { get; } =
    [
        new("flat"),
        new("flat, 5 min") { Schedule = FiveMinutes },
        new("flat, 15 min") { Schedule = QuarterHour },
        new("flat, 30 s") { Schedule = "*/30 * * * * *" },
        new("flat, 30 min") { Schedule = "0 */30 * * * *" },
        new("flat, 1 h") { Schedule = "0 0 * * * *" },
        new("flat, fast") { BaseMs = 5 },
        new("flat, slow") { BaseMs = 1000, Noise = Noise.LogNormal(0.4) },
        new("business 2x") { Load = Business(2) },
        new("business 3x") { Load = Business(3) },
        new("business 5x") { Load = Business(5) },
        new("business 2x, 5 min") { Load = Business(2), Schedule = FiveMinutes },
        new("business 5x, 5 min") { Load = Business(5), Schedule = FiveMinutes },
        new("business 2x, 15 min") { Load = Business(2), Schedule = QuarterHour },
        new("business 5x, 15 min") { Load = Business(5), Schedule = QuarterHour },
        new("business 3x, little noise") { Load = Business(3), Noise = Noise.LogNormal(0.3) },
        new("business 5x, slow") { Load = Business(5), BaseMs = 300, Noise = Noise.LogNormal(0.3), FirstDay = 5 },
        new("sine 3x") { Load = time => 2 + Math.Sin((time.TimeOfDay.TotalHours - 8) / 24 * 2 * Math.PI), Noise = Noise.LogNormal(0.5) },
        new("weekend") { Load = Weekdays(3) },
        new("weekend, begins on a Saturday") { Load = Weekdays(3), FirstDay = 5, Noise = Noise.LogNormal(0.3) },
        new("weekend 5x, 15 min") { Load = Weekdays(5), Schedule = QuarterHour, FirstDay = 4 },
        new("Monday alone") { Load = time => time.DayOfWeek == DayOfWeek.Monday ? Business(4)(time) : 1, FirstDay = 1 },
        new("nightly batch") { Load = Batch(2, 3) },
        new("nightly batch of 3 h, little noise") { Load = Batch(1.5, 4.5), Noise = Noise.LogNormal(0.3) },
        new("nightly batch, 15 min") { Load = Batch(2, 3), Schedule = QuarterHour },
        new("weekly batch") { Load = time => time.DayOfWeek == DayOfWeek.Sunday ? Batch(1, 5)(time) : 1,
            FirstDay = 2, Noise = Noise.LogNormal(0.3) },
        new("heavy tail") { Noise = Noise.Pareto(1.2) },
        new("heavy tail, 5 min") { Noise = Noise.Pareto(1.2), Schedule = FiveMinutes },
        new("heavy tail, 15 min") { Noise = Noise.Pareto(1.2), Schedule = QuarterHour },
        new("heavy tail, log-normal") { Noise = Noise.LogNormal(1.6) },
        new("bimodal 50 %") { Noise = Noise.Bimodal(0.5, 10) },
        new("bimodal 5 %") { Noise = Noise.Bimodal(0.05, 20) },
        new("bimodal 30 %, 15 min") { Noise = Noise.Bimodal(0.3, 10), Schedule = QuarterHour },
        new("gets noisy") { Load = _ => 1, Noise = Noise.LogNormal(0.8) },
        new("summer time") { Load = time => Business(4)(time < Profile.Start.AddDays(14) ? time : time.AddHours(1)),
            Noise = Noise.LogNormal(0.4) },
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

    /// <summary>A load that is so many times as high from 8 to 18 o'clock, with an hour's way up and down.</summary>
    public static Func<DateTimeOffset, double> Business(double factor) => time =>
    {
        var hour = time.TimeOfDay.TotalHours;
        return 1 + ((factor - 1) * Math.Clamp(Math.Min(hour - 7.5, 18.5 - hour), 0, 1));
    };

    private static Func<DateTimeOffset, double> Weekdays(double factor) =>
        time => time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1 : Business(factor)(time);

    private static Func<DateTimeOffset, double> Batch(double from, double to) =>
        time => time.TimeOfDay.TotalHours >= from && time.TimeOfDay.TotalHours < to ? 4 : 1;
}
