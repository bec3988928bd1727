using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>The summary of an hour or a day of one check on one target: the part of a tally that pages show.</summary>
/// <param name="Runs">The number of runs that count.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Excluded">The number of runs during maintenance, which do not count.</param>
/// <param name="P50">The median of the passing runs, in milliseconds with two decimals.</param>
/// <param name="P95">Their 95th percentile, in milliseconds.</param>
/// <param name="Reasons">The number of failures by reason; null where no run failed.</param>
internal sealed record PeriodSummary(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Runs = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Failed = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Excluded = 0,
    double? P50 = null,
    double? P95 = null,
    IReadOnlyDictionary<Reason, int>? Reasons = null) : IJsonOnDeserialized
{
    /// <summary>The summary of no runs.</summary>
    public static PeriodSummary None { get; } = new();

    /// <summary>The number of recorded runs, including those during maintenance.</summary>
    [JsonIgnore]
    public int Recorded => Runs + Excluded;

    void IJsonOnDeserialized.OnDeserialized() =>
        StoredCounts.Require(StoredCounts.MaxOfDay, [Runs, Failed, Excluded, .. Reasons?.Values ?? []]);

    public static PeriodSummary Of(Tally tally) => new(
        tally.Runs,
        tally.Failed,
        tally.Excluded,
        tally.Latency.Rounded(0.5),
        tally.Latency.Rounded(0.95),
        tally.Reasons.Count == 0 ? null : tally.Reasons);
}
