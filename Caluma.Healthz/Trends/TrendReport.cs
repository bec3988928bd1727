using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The trend of all checks at one moment.</summary>
/// <param name="Now">The time of the report.</param>
/// <param name="Newest">The tick of the newest record; null before the first.</param>
/// <param name="Stale">Whether the last three runs are missing.</param>
/// <param name="Schedule">The schedule of recorded runs.</param>
/// <param name="Slo">The objective, in percent.</param>
/// <param name="TimeoutMs">The timeout of a check, in milliseconds.</param>
/// <param name="Alerts">The open alerts, the most urgent and newest first.</param>
/// <param name="Ended">The resolved alerts, the newest first.</param>
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
    /// <summary>The days with records that cannot be read, such as archived ones. They do not count.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<DateOnly>? UnreadableDays { get; init; }

    /// <summary>The open and resolved incidents, the newest first.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>The rules that cannot trigger on this schedule and objective, each with the reason.</summary>
    public IReadOnlyList<SilentRule> CannotTrigger { get; init; } = [];

    /// <summary>Whether every check passes on every target; null where no verdict is known.</summary>
    public bool? Ok => Checks.Any(check => check.Ok is false) ? false : Checks.Any(check => check.Ok is true) ? true : null;
}
