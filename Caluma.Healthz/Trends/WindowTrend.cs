namespace Caluma.Healthz.Trends;

/// <summary>The results of a check on a target in a window that ends now.</summary>
/// <param name="Window">The name of the window, such as <c>5m</c>, <c>6h</c> or <c>30d</c>.</param>
/// <param name="Runs">The number of runs that count.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Excluded">The number of runs during maintenance, which do not count.</param>
/// <param name="Missing">The number of scheduled runs that were not recorded.</param>
/// <param name="Availability">The share of runs that passed, in percent; null without a run.</param>
/// <param name="BurnRate">The burn rate; null without a run.</param>
/// <param name="BudgetLeft">The share of the error budget of this window that is left, at most 1, negative where it is overspent; null
/// without a run.</param>
/// <param name="P50">The median of the passing runs, in milliseconds.</param>
/// <param name="P95">Their 95th percentile, in milliseconds.</param>
/// <param name="P99">Their 99th percentile, in milliseconds.</param>
internal sealed record WindowTrend(
    string Window,
    int Runs,
    int Failed,
    int Excluded,
    int Missing,
    double? Availability,
    double? BurnRate,
    double? BudgetLeft,
    double? P50,
    double? P95,
    double? P99);
