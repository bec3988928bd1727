using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>What an hour or a day comes to for one check on one target: what is shown of a tally.</summary>
/// <param name="Runs">How many count.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="Excluded">How many do not count, because they were made during maintenance.</param>
/// <param name="P50">The median of the passing runs, in milliseconds with two decimals.</param>
/// <param name="P95">What 95 % of them do not exceed.</param>
/// <param name="Reasons">How many failed for which reason; null where none has.</param>
internal sealed record PeriodSummary(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Runs = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Failed = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Excluded = 0,
    double? P50 = null,
    double? P95 = null,
    IReadOnlyDictionary<Reason, int>? Reasons = null)
{
    /// <summary>Of no runs.</summary>
    public static PeriodSummary None { get; } = new();

    /// <summary>How many runs were recorded, those during maintenance among them.</summary>
    [JsonIgnore]
    public int Recorded => Runs + Excluded;

    public static PeriodSummary Of(Tally tally) => new(
        tally.Runs,
        tally.Failed,
        tally.Excluded,
        tally.Latency.Rounded(0.5),
        tally.Latency.Rounded(0.95),
        tally.Reasons.Count == 0 ? null : tally.Reasons);
}
