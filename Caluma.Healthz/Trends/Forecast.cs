namespace Caluma.Healthz.Trends;

/// <summary>Where the latency of a check on a target is going: the line through the hourly p95 of the last 7 days.</summary>
/// <param name="MsPerDay">How much it grows, in milliseconds per day.</param>
/// <param name="NowMs">Its value in the newest whole hour, in milliseconds.</param>
/// <param name="DaysToTimeout">When it reaches the timeout; null where it does not grow.</param>
public sealed record Forecast(double MsPerDay, double NowMs, double? DaysToTimeout)
{
    private const int LeastHours = 48;

    /// <param name="hours">In the order of time.</param>
    /// <param name="timeout">What must not be reached.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static Forecast? Of(IReadOnlyList<HourPoint> hours, TimeSpan timeout)
    {
        if (hours.Count == 0)
        {
            return null;
        }

        var last = hours[^1].Start;
        var points = hours
            .Where(hour => hour.P95 is not null && hour.Start > last - TimeSpan.FromDays(7))
            .Select(hour => ((hour.Start - last).TotalDays, hour.P95!.Value))
            .ToArray();
        if (points.Length < LeastHours)
        {
            return null;
        }

        var line = TheilSen.Fit(points);
        var now = line.At(0);
        double? days = now >= timeout.TotalMilliseconds ? 0 : line.Slope > 0 ? (timeout.TotalMilliseconds - now) / line.Slope : null;
        return new Forecast(line.Slope, now, days);
    }
}
