namespace Caluma.Healthz.History;

/// <summary>The summary of a day for one check on one target.</summary>
/// <param name="Check">The check.</param>
/// <param name="Target">The alias.</param>
/// <param name="Day">The whole day.</param>
/// <param name="Recorded"> The number of runs in each of the 24 hours, including those during maintenance; null where each hour has as many
/// as expected.
/// </param>
/// <param name="Hours">The summary of each of the 24 hours, null for an hour without runs; null where the hours are not kept.</param>
/// <param name="Latency">The latencies of the passing runs; null where the hours are not kept.</param>
internal sealed record SeriesSummary(
    Check Check,
    string Target,
    PeriodSummary Day,
    IReadOnlyList<int>? Recorded = null,
    IReadOnlyList<PeriodSummary?>? Hours = null,
    LatencyHistogram? Latency = null)
{
    internal Series Series => new(Check, Target);
}
