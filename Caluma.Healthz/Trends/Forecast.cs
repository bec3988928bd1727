using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>Forecasts the latency of a check on a target: the line through the hourly p95 of the last 7 days.</summary>
/// <param name="MsPerDay">Its growth in milliseconds a day.</param>
/// <param name="NowMs">Its value in the newest whole hour, in milliseconds.</param>
/// <param name="DaysToTimeout">The days until it reaches the timeout; null where it does not grow from day to day.</param>
internal sealed record Forecast(double MsPerDay, double NowMs, double? DaysToTimeout)
{
    private const int MinPoints = 48;
    private const int MinPointsOfDay = 6;
    private const int MaxPointsOfDay = 24;
    private const int DaysOfGrowth = 3;

    /// <summary>
    /// From this many pooled hours on, a day has only one or two independent values, so the growth must last for one more day.
    /// </summary>
    private const int PooledHoursOfMoreDays = 12;

    /// <summary>A p95 this close to the timeout counts as being at it.</summary>
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
    /// Whether the timeout is far in time, by the line or by the last day alone: after a repair, the last day lies below the line of the
    /// week.
    /// </summary>
    [JsonIgnore]
    internal bool Resolves { get; private init; }

    /// <param name="hours">In the order of time.</param>
    /// <param name="timeout">The timeout of a check.</param>
    /// <returns>Null where there are not enough hours to tell.</returns>
    internal static Forecast? Of(IReadOnlyList<HourPoint> hours, TimeSpan timeout)
    {
        var limit = timeout.TotalMilliseconds;
        var points = Points(hours, limit);
        if (points.Length < MinPoints || -points[0].Day < (_minHistory - _hour).TotalDays)
        {
            return null;
        }

        var line = TheilSen.Fit(points);
        var now = line.At(0);
        var days = Days(now, line.Slope, limit);
        var high = High(points) ?? now;
        var isFar = now < Close * limit && IsFar(days);
        var isMended = high < now / 2 || IsFar(Days(high, line.Slope, limit));
        var isThere = days == 0 && high >= Close * limit;
        return new Forecast(line.Slope, now, isThere || (line.Slope > 0 && Growth(points, DaysOf(hours)) >= line.Slope / 3) ? days : null)
        {
            Resolves = high < Close * limit && (isFar || isMended),
        };
    }

    /// <summary>Whether the timeout may be close in time, before the line is computed.</summary>
    internal static bool MayTrigger(IReadOnlyList<HourPoint> hours, TimeSpan timeout)
    {
        var points = Points(hours, timeout.TotalMilliseconds);
        return Growth(points, DaysOf(hours)) > 0 || !(High(points) < Close * timeout.TotalMilliseconds);
    }

    private static int DaysOf(IReadOnlyList<HourPoint> hours) =>
        hours is [.., { Hours: >= PooledHoursOfMoreDays }] ? DaysOfGrowth + 1 : DaysOfGrowth;

    private static (double Day, double Ms)[] Points(IReadOnlyList<HourPoint> hours, double limit)
    {
        var first = hours.Count;
        while (first > 0 && hours[first - 1].Start > hours[^1].Start - _window)
        {
            first--;
        }

        var points = new List<(double Day, double Ms)>(hours.Count - first);
        for (; first < hours.Count; first++)
        {
            if (hours[first].P95Within(limit) is { } ms)
            {
                points.Add(((hours[first].Start - hours[^1].Start).TotalDays, ms));
            }
        }

        return [.. points];
    }

    /// <summary>The highest p95 of the last day; null where it has none.</summary>
    private static double? High((double Day, double Ms)[] points)
    {
        double? high = null;
        for (var at = points.Length - 1; at >= 0 && points[at].Day > -1; at--)
        {
            high = Math.Max(points[at].Ms, high ?? 0);
        }

        return high;
    }

    private static bool IsFar(double? days) => !(days <= _minAheadToResolve.TotalDays);

    private static double? Days(double now, double slope, double limit) => now >= limit ? 0 : slope > 0 ? (limit - now) / slope : null;

    /// <summary>
    /// The minimum by which one of the last days lies above the day before it, in milliseconds; null where a day has too few hours. The
    /// forecast needs a third of the slope: after a step, such as a slower release, the line has a slope for days, but only one day lies
    /// above the day before it.
    /// </summary>
    private static double? Growth((double Day, double Ms)[] points, int days)
    {
        var (above, growth) = (double.NaN, double.PositiveInfinity);
        var values = new List<double>(MaxPointsOfDay);
        for (var (day, at) = (0, points.Length - 1); day <= days; day++)
        {
            values.Clear();
            for (; at >= 0 && points[at].Day > -day - 1; at--)
            {
                values.Add(points[at].Ms);
            }

            if (values.Count < MinPointsOfDay)
            {
                return null;
            }

            var median = TheilSen.Median(CollectionsMarshal.AsSpan(values));
            growth = day == 0 ? growth : Math.Min(growth, above - median);
            above = median;
        }

        return growth;
    }
}
