using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Pools the newest whole hours: two, or as many as it takes for a p95. Each hour is pooled with those before it, and compared with hours
/// that were pooled in the same way. That halves the noise of a tail, and makes a p95 possible on a sparse schedule.
/// </summary>
internal sealed class LatencyPool
{
    private const double Quantile = 0.95;

    /// <summary>The number of pooled hours where they have enough runs.</summary>
    public const int MinHours = 2;

    /// <summary>The hours, the oldest first.</summary>
    [JsonRequired]
    public List<TimeBucket> Hours { get; init; } = [];

    /// <summary>Adds a whole hour after all others.</summary>
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
            SecondFailures = hour.SecondFailures,
            ShortRows = hour.ShortRows,
            FirstFailed = hour.FirstFailed,
            Hours = Hours.Count,
            Level = LatencyLevel.Of(hour.Latency).Rounded(),
            P95 = isEnough ? pool.Quantile(Quantile) : null,
            P95WithTimeouts = isEnough && count > pool.Count && rank <= pool.Count ? pool.Quantile((rank - 0.5) / pool.Count) : null,
            IsAtTimeout = isEnough && rank > pool.Count,
        };
    }

    private static int CountOf(TimeBucket hour) => (int)hour.Latency.Count + hour.TimedOut;
}
