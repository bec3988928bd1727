namespace Caluma.Healthz.History;

/// <summary>What a day comes to for one check on one target.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Target">The alias.</param>
/// <param name="Day">The whole day.</param>
/// <param name="Recorded">
/// How many runs each of its 24 hours has, those during maintenance among them; null where each has as many as were expected.
/// </param>
/// <param name="Hours">What each of its 24 hours comes to, null for one without a run; null where they are not kept.</param>
/// <param name="Latency">How long the passing runs took; null where the hours are not kept.</param>
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
