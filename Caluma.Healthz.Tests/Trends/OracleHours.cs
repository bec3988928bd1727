using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Computes the latency rules of one target from exact values: see <see cref="Oracle"/>.</summary>
/// <param name="options">The timeout.</param>
/// <param name="kept">How many minutes hours are kept.</param>
internal sealed class OracleHours(HealthzOptions options, int kept)
{
    private const int Hour = 60;
    private const int Day = 24;
    private const int Week = 7 * Day;
    private const int All = (MessyYear.Minutes / Hour) + (40 * Day);

    private readonly bool[] _known = new bool[All];
    private readonly int[] _hours = new int[All];
    private readonly OracleLevels _levels = new(All);
    private readonly double[] _p95 = [.. Enumerable.Repeat(double.NaN, All)];
    private readonly double[] _withTimeouts = [.. Enumerable.Repeat(double.NaN, All)];
    private readonly List<(int Hour, List<double> Passes, int TimedOut)> _pool = [];
    private List<double> _passes = [];
    private int _timedOut;
    private int _counted;
    private int _newest = -1;
    private int? _unjudged;

    private double Timeout => options.Timeout.TotalMilliseconds;

    /// <summary>
    /// The p95 of an hour includes the passes that were recorded while it was the newest hour, and those of the hours pooled with it.
    /// </summary>
    public void Take(int now, CheckRecord check, bool maintenance)
    {
        var hour = now / Hour;
        if (hour > _newest)
        {
            if (_newest >= 0)
            {
                _unjudged = Close(_newest) ? _newest : _unjudged;
            }

            (_newest, _passes, _timedOut, _counted) = (hour, [], 0, 0);
        }

        if (hour < _newest)
        {
            _known[hour] |= !maintenance;
        }
        else if (!maintenance)
        {
            _counted++;
            _timedOut += check.Ok ? 0 : 1;
            if (check.Ok)
            {
                _passes.Add(check.Ms);
            }
        }
    }

    public void ForgetBefore(int now)
    {
        var end = Math.Max(0, (now - kept) / Hour) + 1;
        Array.Fill(_known, false, 0, end);
        Array.Fill(_p95, double.NaN, 0, end);
        Array.Fill(_withTimeouts, double.NaN, 0, end);
        _levels.ForgetBefore(end);
    }

    /// <summary>The verdict of the newest whole hour, once, with the first run that counts.</summary>
    public IEnumerable<(AlertRule Rule, bool? Fires, bool? Ends)> Judge(int now)
    {
        if (_unjudged is not { } hour)
        {
            yield break;
        }

        _unjudged = null;
        var row = new List<Comparison>();
        var (inARow, ofTail) = (Math.Max(2, _hours[hour] / 2), Math.Max(6, 3 * _hours[hour]));
        for (var at = hour; row.Count < ofTail && IsKept(at, now) && _known[at] && Compare(at, now) is { } comparison; at--)
        {
            row.Add(comparison);
        }

        if (row.Count > 0)
        {
            bool? AllOf(int count, Func<Comparison, bool?> what) =>
                row.Count < count ? false : row.Take(count).Aggregate((bool?)true, (all, one) => all & what(one));

            var first = Math.Max(0, ((now - kept) / Hour) + 1);
            yield return (
                AlertRule.LatencyDrift,
                (row[0].IsFelt & _levels.IsSlow(hour, first)) | AllOf(ofTail, one => one.HasSlowTail),
                AllOf(inARow, one => one.IsUsual) & _levels.IsUsual(hour, first) & _levels.IsUsual(hour - 1, first));
        }

        var points = Enumerable.Range(hour - Week + 1, Week).Where(at => IsKept(at, now) && !double.IsNaN(_withTimeouts[at])).ToList();
        if (points.Count >= 48 && points[0] <= hour - 95)
        {
            yield return Forecast(hour, points);
        }
    }

    /// <summary>An hour without a run that counts is missing. All failures of the year are timeouts.</summary>
    private bool Close(int hour)
    {
        if (_counted == 0)
        {
            return false;
        }

        _known[hour] = true;
        _levels.Close(hour, _passes);
        _pool.Add((hour, _passes, _timedOut));
        _pool.RemoveAll(other => other.Hour <= hour - Day);
        static int CountOf((int Hour, List<double> Passes, int TimedOut) other) => other.Passes.Count + other.TimedOut;
        while (_pool.Count > 2 && _pool.Skip(1).Sum(CountOf) >= 20)
        {
            _pool.RemoveAt(0);
        }

        var count = _pool.Sum(CountOf);
        _hours[hour] = _pool.Count;
        if (count < 20)
        {
            return true;
        }

        var passes = _pool.SelectMany(other => other.Passes).Order().ToList();
        if (passes.Count > 0)
        {
            _p95[hour] = passes[(((passes.Count * 95) + 99) / 100) - 1];
        }

        var rank = ((count * 95) + 99) / 100;
        _withTimeouts[hour] = rank > passes.Count ? Timeout : passes[rank - 1];
        return true;
    }

    private bool IsKept(int hour, int now) => hour >= 0 && hour * Hour > now - kept;

    /// <summary>Compares an hour with the same time of day, and an hour earlier and later, of the week before.</summary>
    private Comparison? Compare(int hour, int now)
    {
        var oldest = Enumerable.Range(Math.Max(0, hour - Week - Day - Day), Week + Day + Day)
            .Where(at => IsKept(at, now) && _known[at]).FirstOrDefault(hour);
        if (double.IsNaN(_p95[hour]) || oldest > hour - Week)
        {
            return null;
        }

        var (days, weekAgo) = (new List<double>(), 0d);
        for (var day = 1; day <= 7; day++)
        {
            var near = Enumerable.Range(hour - (day * Day) - 1, 3).Where(at => IsKept(at, now) && !double.IsNaN(_p95[at])).ToList();
            if (near.Count > 0)
            {
                days.Add(near.Max(at => _p95[at]));
                weekAgo = day == 7 ? days[^1] : weekAgo;
            }
        }

        // Larger than on most days, and than a week ago.
        return days.Count < 3 ? null : new Comparison(
            _p95[hour], Math.Max(days.OrderDescending().ElementAt(Math.Min(3, days.Count - 1)), weekAgo));
    }

    private (AlertRule Rule, bool? Fires, bool? Ends) Forecast(int hour, List<int> points)
    {
        // With all values off by 1 % so that the timeout comes as early, or as late, as possible.
        var (soonest, latest) = (Line(1.01, 0.99), Line(0.99, 1.01));
        var (soon, late) = (DaysTo(soonest.Now, soonest.Slope), DaysTo(latest.Now, latest.Slope));
        var isThere = Between(-late, -soon);
        var high = points.Where(at => at > hour - Day).Select(at => _withTimeouts[at]).DefaultIfEmpty(double.NaN).Max();
        bool? Below(double value, double other, double otherHigh) => value * 1.01 < other ? true : value * 0.99 >= otherHigh ? false : null;
        bool? isFar = Below(soonest.Now / 1.01, 0.9 * Timeout, 0.9 * Timeout) & !Between(9 - late, 9 - soon);
        var (lowHigh, highHigh) = double.IsNaN(high) ? (latest.Now, soonest.Now) : (high * 0.99, high * 1.01);
        var isMended = (highHigh < latest.Now / 2 ? true : lowHigh >= soonest.Now / 2 ? false : (bool?)null)
            | !Between(9 - DaysTo(lowHigh, latest.Slope), 9 - DaysTo(highHigh, soonest.Slope));
        bool? isClear = highHigh < 0.9 * Timeout ? true : lowHigh >= 0.9 * Timeout ? false : null;
        var fires = (isThere & !isClear) | (Between(7 - late, 7 - soon) & Grows(hour, points, soonest.Slope, latest.Slope));
        return (AlertRule.TimeoutForecast, fires, isClear & (isFar | isMended));

        double DaysTo(double now, double slope) =>
            now >= Timeout ? 0 : slope <= 0 ? double.PositiveInfinity : (Timeout - now) / slope;

        (double Now, double Slope) Line(double later, double earlier)
        {
            var slopes = new double[points.Count * (points.Count - 1) / 2];
            var next = 0;
            for (var to = 1; to < points.Count; to++)
            {
                var end = _withTimeouts[points[to]] * later;
                for (var from = 0; from < to; from++)
                {
                    slopes[next++] = (end - (_withTimeouts[points[from]] * earlier)) * Day / (points[to] - points[from]);
                }
            }

            var slope = Median(slopes);
            return (Median([.. points.Select(at => (_withTimeouts[at] * later) + (slope * (hour - at) / Day))]), slope);
        }
    }

    /// <summary>Whether each of the last three days lies above the one before by a third of the slope.</summary>
    private bool? Grows(int hour, List<int> points, double most, double least)
    {
        bool? grows = most <= 0 ? false : least <= 0 ? null : true;
        double? above = null;
        for (var day = 0; day <= 3; day++)
        {
            var values = points.Where(at => at > hour - ((day + 1) * Day) && at <= hour - (day * Day))
                .Select(at => _withTimeouts[at]).ToArray();
            if (values.Length < 6)
            {
                return false;
            }

            var median = Median(values);
            if (above is { } next)
            {
                var (low, high) = ((next * 0.99) - (median * 1.01), (next * 1.01) - (median * 0.99));
                grows &= low >= most / 3 ? true : high < least / 3 ? false : null;
            }

            above = median;
        }

        return grows;
    }

    /// <summary>Whether a number between these two is not negative; null where that is undecided.</summary>
    private static bool? Between(double least, double most) => least >= 0 ? true : most < 0 ? false : null;

    private static double Median(double[] values)
    {
        var middle = values.Length / 2;
        var upper = Select(values, middle);
        return values.Length % 2 == 1 ? upper : (upper + values.AsSpan(0, middle).ToArray().Max()) / 2;
    }

    /// <summary>Quickselect: sorting the slopes between all hours of a week takes five times as long.</summary>
    private static double Select(double[] values, int place)
    {
        var (first, last) = (0, values.Length - 1);
        while (first < last)
        {
            var (low, high, pivot) = (first, last, values[Random.Shared.Next(first, last + 1)]);
            while (low <= high)
            {
                for (; values[low] < pivot; low++)
                {
                }

                for (; values[high] > pivot; high--)
                {
                }

                if (low <= high)
                {
                    (values[low], values[high]) = (values[high], values[low]);
                    (low, high) = (low + 1, high - 1);
                }
            }

            if (place > high && place < low)
            {
                break;
            }

            (first, last) = place <= high ? (first, high) : (low, last);
        }

        return values[place];
    }

    /// <summary>Each number is at most 1 % off.</summary>
    private sealed record Comparison(double P95, double UsualP95)
    {
        public bool? IsFelt => Over(1, 50);

        public bool? HasSlowTail => Over(2) & IsFelt;

        public bool? IsUsual => !(Over(1.5) & Over(1, 25));

        private bool? Over(double factor, double plus = 0) =>
            P95 * 0.99 > (UsualP95 * 1.01 * factor) + plus ? true : P95 * 1.01 <= (UsualP95 * 0.99 * factor) + plus ? false : null;
    }
}
