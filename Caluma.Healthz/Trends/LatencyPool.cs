using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// The newest whole hours: two, or as many as it takes for enough runs to tell a p95 by. Each hour is looked at together with those
/// before it, and so compared with others that were made alike. That halves the noise of a tail, and makes a sparse schedule worth a
/// look at all.
/// </summary>
internal sealed class LatencyPool
{
    private const double Quantile = 0.95;

    /// <summary>How many hours are looked at together where they have enough runs.</summary>
    public const int MinHours = 2;

    /// <summary>The oldest first.</summary>
    [JsonRequired]
    public List<TimeBucket> Hours { get; init; } = [];

    /// <summary>Takes a whole hour in, one after all others.</summary>
    public HourPoint Close(TimeBucket hour)
    {
        Hours.Add(hour);
        Hours.RemoveAll(other => other.Start <= hour.Start - SeriesState.MaxPool);
        var count = Hours.Sum(CountOf);
        while (Hours.Count > MinHours && count - CountOf(Hours[0]) >= SeriesState.MinPassesForP95)
        {
            count -= CountOf(Hours[0]);
            Hours.RemoveAt(0);
        }

        var pool = new LatencyHistogram();
        Hours.ForEach(other => pool.Merge(other.Latency));
        var isEnough = CountOf(hour) > 0 && count >= SeriesState.MinPassesForP95;
        var rank = Math.Ceiling(Quantile * count);
        return new HourPoint
        {
            Start = hour.Start,
            Runs = hour.Runs,
            Failed = hour.Failed,
            FirstFailed = hour.FirstFailed,
            Hours = Hours.Count,
            P50 = isEnough ? pool.Quantile(0.5) : null,
            P95 = isEnough ? pool.Quantile(Quantile) : null,
            P95WithTimeouts = isEnough && count > pool.Count && rank <= pool.Count ? pool.Quantile((rank - 0.5) / pool.Count) : null,
            IsAtTimeout = isEnough && rank > pool.Count,
        };
    }

    private static int CountOf(TimeBucket hour) => (int)hour.Latency.Count + hour.TimedOut;
}
