namespace Caluma.Healthz.Trends;

/// <summary>What can be said of a history at one moment.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Newest">The tick of the newest record; null before the first.</param>
/// <param name="Stale">Whether three runs in a row were not recorded.</param>
/// <param name="Schedule">When runs are recorded.</param>
/// <param name="Slo">The objective, in percent.</param>
/// <param name="TimeoutMs">What no check may take, in milliseconds.</param>
/// <param name="Alerts">What is open, the most urgent and newest first.</param>
/// <param name="Ended">What was open before, the newest first.</param>
/// <param name="Checks">One per check and target, in the order of the report.</param>
public sealed record TrendReport(
    DateTimeOffset Now,
    DateTimeOffset? Newest,
    bool Stale,
    string Schedule,
    double Slo,
    double TimeoutMs,
    IReadOnlyList<Alert> Alerts,
    IReadOnlyList<Alert> Ended,
    IReadOnlyList<SeriesTrend> Checks)
{
    /// <summary>Whether every check passed on every target in the newest run; null before the first.</summary>
    public bool? Ok => Newest is null ? null : Checks.All(check => check.Ok is not false);
}
