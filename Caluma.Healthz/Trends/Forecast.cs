using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>Where the latency of a check on a target is going: the line through the hourly p95 of the last 7 days.</summary>
/// <param name="MsPerDay">How much it grows, in milliseconds per day.</param>
/// <param name="NowMs">Its value in the newest whole hour, in milliseconds.</param>
/// <param name="DaysToTimeout">When it reaches the timeout; null where it does not grow from day to day.</param>
internal sealed record Forecast(double MsPerDay, double NowMs, double? DaysToTimeout)
{
    private const int MinPoints = 48;
    private const int MinPointsOfDay = 6;
    private const int DaysOfGrowth = 3;

    /// <summary>So close to the timeout, a p95 is at it.</summary>
    private const double Close = 0.9;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan _window = TimeSpan.FromDays(7);
    private static readonly TimeSpan _minHistory = TimeSpan.FromHours(96);
    private static readonly TimeSpan _maxAhead = TimeSpan.FromDays(7);
    private static readonly TimeSpan _minAheadToResolve = TimeSpan.FromDays(9);

    /// <summary>Whether the timeout is close in time.</summary>
    [JsonIgnore]
    internal bool Triggers => DaysToTimeout <= _maxAhead.TotalDays;

    /// <summary>
    /// Whether it is not, by the line or by the last day alone: what was mended yesterday lies below the line of the week.
    /// </summary>
    [JsonIgnore]
    internal bool Resolves { get; private init; }

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
            .Where(hour => hour.Start > last - _window && hour.P95Within(timeout.TotalMilliseconds) is not null)
            .Select(hour => (Day: (hour.Start - last).TotalDays, Ms: hour.P95Within(timeout.TotalMilliseconds)!.Value))
            .ToArray();
        if (points.Length < MinPoints || -points[0].Day < (_minHistory - _hour).TotalDays)
        {
            return null;
        }

        var line = TheilSen.Fit(points);
        var (now, limit) = (line.At(0), timeout.TotalMilliseconds);
        var days = Days(now, line.Slope, limit);
        var high = points.Where(point => point.Day > -1).Select(point => point.Ms).DefaultIfEmpty(now).Max();
        var isFar = now < Close * limit && IsFar(days);
        var isMended = high < now / 2 || IsFar(Days(high, line.Slope, limit));
        var isThere = days == 0 && high >= Close * limit;
        return new Forecast(line.Slope, now, isThere || Grows(points, line.Slope) ? days : null)
        {
            Resolves = high < Close * limit && (isFar || isMended),
        };
    }

    private static bool IsFar(double? days) => !(days <= _minAheadToResolve.TotalDays);

    private static double? Days(double now, double slope, double limit) => now >= limit ? 0 : slope > 0 ? (limit - now) / slope : null;

    /// <summary>
    /// Whether each of the last days lies above the one before it, by a third of the slope at the least. A step, such as a release that
    /// made all slower, is a line with a slope for days; but it was one day alone that lay above the one before it.
    /// </summary>
    private static bool Grows((double Day, double Ms)[] points, double slope)
    {
        double? above = null;
        for (var day = 0; day <= DaysOfGrowth; day++)
        {
            var values = points.Where(point => point.Day > -day - 1 && point.Day <= -day).Select(point => point.Ms).ToArray();
            if (values.Length < MinPointsOfDay)
            {
                return false;
            }

            var median = TheilSen.Median(values);
            if (above - median < slope / 3)
            {
                return false;
            }

            above = median;
        }

        return slope > 0;
    }
}
