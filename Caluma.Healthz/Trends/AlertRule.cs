using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>
/// The rules. Windows grow with the schedule: a long one holds at least 12 runs, a short one 3. The burn rules and <see cref="Flapping"/>
/// need more failures than a system that just meets its objective has by chance, and at least three.
/// </summary>
internal enum AlertRule
{
    /// <summary>
    /// Three failed runs in a row, or up to five for a check that often fails once or twice; resolves after two passed runs in a row, or
    /// after 10 minutes of passed runs while <see cref="Flapping"/> is open.
    /// </summary>
    [JsonStringEnumMemberName("unavailable")]
    Unavailable,

    /// <summary>The burn rate is 14.4 over 1 h and 5 min; resolves after 30 min below half.</summary>
    [JsonStringEnumMemberName("burn-fast")]
    BurnFast,

    /// <summary>The burn rate is 6 over 6 h and 30 min; resolves after 2 h below half.</summary>
    [JsonStringEnumMemberName("burn-slow")]
    BurnSlow,

    /// <summary>The burn rate is 3 over 1 d and 2 h, or 1 over 3 d and 6 h; resolves after 6 h below half.</summary>
    [JsonStringEnumMemberName("burn-ticket")]
    BurnTicket,

    /// <summary>
    /// For two hours or more, runs typically take over twice as long as is usual at that time of day; or the p95 of six hours in a row is
    /// over twice the usual one.
    /// </summary>
    [JsonStringEnumMemberName("latency-drift")]
    LatencyDrift,

    /// <summary>The p95 has grown for three days such that it reaches the timeout within 7 days.</summary>
    [JsonStringEnumMemberName("timeout-forecast")]
    TimeoutForecast,

    /// <summary>The verdict has changed 10 times within an hour, or 6 times with two failures in a row.</summary>
    [JsonStringEnumMemberName("flapping")]
    Flapping,

    /// <summary>Three runs in a row were not recorded.</summary>
    [JsonStringEnumMemberName("missing-data")]
    MissingData,
}
