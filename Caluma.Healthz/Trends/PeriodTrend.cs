using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The results of a check on a target on a day or in an hour.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="Runs">The number of runs that count.</param>
/// <param name="Failed">The number of those that failed.</param>
/// <param name="Excluded">The number of runs during maintenance, which do not count.</param>
/// <param name="Missing">The number of scheduled runs that were not recorded.</param>
/// <param name="P50">The median of the passing runs, in milliseconds.</param>
/// <param name="P95">Their 95th percentile, in milliseconds.</param>
internal sealed record PeriodTrend(DateTimeOffset Start, int Runs, int Failed, int Excluded, int Missing, double? P50, double? P95)
{
    /// <summary>Whether anything was recorded in it.</summary>
    public bool HasData => Runs + Excluded > 0;

    /// <summary>The reasons of the failures.</summary>
    [JsonIgnore]
    public ReasonCounts Reasons { get; init; } = ReasonCounts.None;

    internal static PeriodTrend Of(DateTimeOffset start, SeriesRollup? rollup, int missing) =>
        OfSummary(start, rollup is null ? PeriodSummary.None : PeriodSummary.Of(rollup.Tally), missing);

    internal static PeriodTrend OfSummary(DateTimeOffset start, PeriodSummary summary, int missing) =>
        new(start, summary.Runs, summary.Failed, summary.Excluded, missing, summary.P50, summary.P95)
        {
            Reasons = summary.Reasons is null ? ReasonCounts.None : ReasonCounts.Of(summary.Reasons),
        };
}
