namespace Caluma.Healthz.Trends;

/// <summary>What an alert says; design section 6 has the table.</summary>
public enum AlertRule
{
    /// <summary>Three failed runs in a row; ends after two good ones.</summary>
    Unavailable,

    /// <summary>The error budget burns 14.4 times as fast as it may, over 1 h and 5 min.</summary>
    BurnFast,

    /// <summary>The error budget burns 6 times as fast as it may, over 6 h and 30 min.</summary>
    BurnSlow,

    /// <summary>The error budget burns 3 times as fast as it may over 1 d and 2 h, or as fast as it may over 3 d and 6 h.</summary>
    BurnTicket,

    /// <summary>The p95 of the last whole hour is over twice, and 50 ms over, the median of the 7 days before.</summary>
    LatencyDrift,

    /// <summary>The p95 grows such that it reaches the timeout within 7 days.</summary>
    TimeoutForecast,

    /// <summary>The verdict has changed 6 times within an hour.</summary>
    Flapping,

    /// <summary>Three runs in a row were not recorded.</summary>
    MissingData,
}
