using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What can be said of a history at one moment.</summary>
/// <param name="Now">The moment.</param>
/// <param name="Newest">The tick of the newest record; null before the first.</param>
/// <param name="Stale">Whether the last three runs were not recorded.</param>
/// <param name="Schedule">When runs are recorded.</param>
/// <param name="Slo">The objective, in percent.</param>
/// <param name="TimeoutMs">What no check may take, in milliseconds.</param>
/// <param name="Alerts">What is open, the most urgent and newest first.</param>
/// <param name="Ended">What was open before, the newest first.</param>
/// <param name="Checks">One for each check and target, in the order of the report.</param>
internal sealed record TrendReport(
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
    /// <summary>
    /// The days of which something was recorded that cannot be read, such as what somebody has archived. They count nowhere.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<DateOnly>? UnreadableDays { get; init; }

    /// <summary>The incidents that are open, and those that were, the newest first.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>The rules that cannot trigger on this schedule and objective, each with the reason.</summary>
    public IReadOnlyList<SilentRule> CannotTrigger { get; init; } = [];

    /// <summary>Whether every check passes on every target; null where nothing is known of any.</summary>
    public bool? Ok => Checks.Any(check => check.Ok is false) ? false : Checks.Any(check => check.Ok is true) ? true : null;
}
