namespace Caluma.Healthz.Trends;

/// <summary>How a check on a target has done in a window that ends now.</summary>
/// <param name="Window">Its length, such as <c>5m</c>, <c>6h</c> or <c>30d</c>.</param>
/// <param name="Runs">How many runs count.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="Excluded">How many do not count, because they were made during maintenance.</param>
/// <param name="Missing">How many the schedule had and nobody recorded.</param>
/// <param name="Availability">The share of runs that passed, in percent; null without a run.</param>
/// <param name="BurnRate">How many times as fast as it may the error budget was used up; null without a run.</param>
/// <param name="BudgetLeft">The share of the error budget of this window that is left, at most 1, negative where it is overspent; null
/// without a run.</param>
/// <param name="P50">The median of the passing runs, in milliseconds.</param>
/// <param name="P95">What 95 % of them do not exceed.</param>
/// <param name="P99">What 99 % of them do not exceed.</param>
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
