using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Formats times, numbers, reasons and rules for pages.</summary>
internal static class Words
{
    /// <summary>A moment in UTC: <c>2026-11-22 12:00</c>, with seconds where they are not zero.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString(time.Second == 0 ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A moment for the <c>datetime</c> attribute.</summary>
    public static string Machine(DateTimeOffset time) => time.UtcDateTime.ToString(
        time.Second == 0 ? "yyyy-MM-dd'T'HH:mm'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Day(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A duration in its two largest units: <c>3 h 12 min</c>.</summary>
    public static string Length(TimeSpan length) => length switch
    {
        { TotalSeconds: < 1 } => "less than a second",
        { TotalMinutes: < 1 } => $"{(int)length.TotalSeconds} s",
        { TotalHours: < 1 } => Two((int)length.TotalMinutes, "min", length.Seconds, "s", showSmall: length.TotalMinutes < 5),
        { TotalDays: < 1 } => Two((int)length.TotalHours, "h", length.Minutes, "min"),
        _ => Two((int)length.TotalDays, (int)length.TotalDays == 1 ? "day" : "days", length.Hours, "h", showSmall: length.TotalDays < 10),
    };

    /// <summary>A latency: <c>6.5 ms</c>, <c>2.7 s</c>.</summary>
    public static string Latency(double? milliseconds) => milliseconds switch
    {
        null => "–",
        < 10 => Format(milliseconds, "0.0", "ms"),
        < 1000 => Format(milliseconds, "0", "ms"),
        _ => Format(milliseconds / 1000, "0.0", "s"),
    };

    /// <summary>A latency on a scale: <c>100 ms</c>, <c>5 s</c>.</summary>
    public static string RoundLatency(double milliseconds) =>
        milliseconds < 1000 ? Format(milliseconds, "0.#", "ms") : Format(milliseconds / 1000, "0.#", "s");

    /// <summary>A percentage with two decimals, rounded down: 100 means that no run failed.</summary>
    public static string Percent(double? percent) => percent switch
    {
        null => "–",
        100 => "100\u00a0%",
        _ => Format(Math.Floor(Math.Round(percent.Value * 100, 6)) / 100, "0.00", "%"),
    };

    /// <summary>A number with its noun.</summary>
    public static string Count(int number, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {(number == 1 ? one : many)}");

    /// <summary>A part of a number of runs: <c>3 of 1,440 runs</c>.</summary>
    public static string PartOf(int part, int runs) =>
        string.Create(CultureInfo.InvariantCulture, $"{part:#,0} of {Count(runs, "run", "runs")}");

    /// <summary>The text of an open alert.</summary>
    /// <param name="rule">Its rule.</param>
    /// <param name="windows">The windows of the rules, which depend on the schedule.</param>
    public static string Rule(AlertRule rule, RuleWindows windows) => rule switch
    {
        AlertRule.Unavailable => "Unavailable: at least three failed runs in a row",
        AlertRule.BurnFast or AlertRule.BurnSlow or AlertRule.BurnTicket => "Error budget burning over "
            + string.Join(", or over ", windows.Burn.Single(burn => burn.Rule == rule).Windows.Select(Burning)),
        AlertRule.LatencyDrift => "Slower than usual: over twice as long as at this time of day",
        AlertRule.TimeoutForecast => "Getting slower: p95 reaches the timeout within 7 days",
        AlertRule.Flapping => "Flapping: the verdict keeps changing",
        AlertRule.MissingData => "Nothing recorded: three runs in a row are missing",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    /// <summary>The text of a past alert.</summary>
    public static string ShortRule(AlertRule rule) => rule switch
    {
        AlertRule.Unavailable => "unavailable",
        AlertRule.BurnFast or AlertRule.BurnSlow or AlertRule.BurnTicket => "failed too often",
        AlertRule.LatencyDrift => "slower than usual",
        AlertRule.TimeoutForecast => "trending towards the timeout",
        AlertRule.Flapping => "flapping",
        AlertRule.MissingData => "nothing recorded",
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
    };

    /// <summary>The meaning of a reason; docs/operations.md says what to do about it.</summary>
    public static string Reason(Reason? reason) => reason switch
    {
        Healthz.Reason.Timeout => "no answer in time",
        Healthz.Reason.Dns => "the host name does not resolve",
        Healthz.Reason.Connect => "connection refused or dropped",
        Healthz.Reason.Tls => "no TLS, or an untrusted certificate",
        Healthz.Reason.Auth => "the log-in was refused",
        Healthz.Reason.Permission => "permission denied",
        Healthz.Reason.ReadOnly => "writes are refused",
        Healthz.Reason.Missing => "database, table, bucket or container not found",
        Healthz.Reason.Behind => "migrations are unapplied",
        Healthz.Reason.Partial => "an upgrade stopped half-way",
        Healthz.Reason.Mismatch => "what was read back is not what was written",
        Healthz.Reason.Full => "no disk, memory or connections left",
        Healthz.Reason.Busy => "starting, locked or overloaded",
        Healthz.Reason.Protocol => "something else answers",
        _ => "cause unknown",
    };

    private static string Burning(BurnWindows windows, int index) => string.Create(
        CultureInfo.InvariantCulture, $"{windows.Factor}x {(index == 0 ? "too fast " : "")}({Length(windows.Long)})");

    private static string Two(int large, string largeUnit, int small, string smallUnit, bool showSmall = true) =>
        small == 0 || !showSmall ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";

    private static string Format(double? value, string format, string unit) =>
        value!.Value.ToString(format, CultureInfo.InvariantCulture) + "\u00a0" + unit;
}
