namespace Caluma.Healthz.Trends;

/// <summary>
/// Compares the latency of the newest hours with that of the same hours of the seven days before. docs/rules.md has the model and figures.
/// </summary>
internal sealed class LevelHistory
{
    private const int MinHours = 2;
    private const int MaxHours = 12;

    /// <summary>The minimum of runs from which a level and its scatter can be computed.</summary>
    private const int MinRuns = 12;

    /// <summary>
    /// A smaller factor is normal, such as at a month's end or after a release. The allowance for chance is added to it.
    /// </summary>
    private const double Small = 1.2;

    /// <summary>
    /// A smaller factor does not count, however little the runs scatter. Above <see cref="SmallError"/> this limit falls, to offset the
    /// bias.
    /// </summary>
    private const double Large = 2.2;

    /// <summary>The maximum factor with which one hour counts, so that one hour alone is never enough.</summary>
    private const double MaxOfHour = 3.5;

    /// <summary>
    /// The maximum of standard errors that chance explains: above several days, and above the single day a week ago, which is less certain.
    /// </summary>
    private const double ErrorsOfDays = 2.2, ErrorsOfWeek = 3.4;

    /// <summary>
    /// Up to this standard error, the usual level is not biased. With a larger one, chance lifts it above the true level, because it is the
    /// second highest of seven days, each of which is the highest of three.
    /// </summary>
    private const double SmallError = 0.08;

    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>A level for each hour; empty for an hour without runs.</summary>
    private readonly LatencyLevel[] _hours;

    /// <summary>The sum of all levels before each hour.</summary>
    private readonly LatencyLevel[] _before;

    /// <param name="hours">The hours in the order of time, at least one.</param>
    public LevelHistory(IReadOnlyList<HourPoint> hours)
    {
        var newest = hours[^1].Start;
        var first = hours.First(hour => newest - hour.Start <= SeriesState.Kept).Start;
        _hours = new LatencyLevel[(int)((newest - first) / _hour) + 1];
        foreach (var hour in hours)
        {
            if (hour.Start >= first)
            {
                _hours[(int)((hour.Start - first) / _hour)] = hour.Level;
            }
        }

        _before = new LatencyLevel[_hours.Length + 1];
        for (var at = 0; at < _hours.Length; at++)
        {
            _before[at + 1] = _before[at] + _hours[at];
        }
    }

    /// <summary>
    /// Finds the smallest number of newest hours that together are slower than the same hours of the days before, by more than chance.
    /// </summary>
    /// <returns>Null where they are not slower.</returns>
    public int? FindSlow()
    {
        for (var hours = MinHours; hours <= MaxHours; hours++)
        {
            if (Compare(_hours.Length, hours) is { IsSlow: true })
            {
                return hours;
            }
        }

        return null;
    }

    /// <summary>
    /// Computes the factor by which an hour is slower than usual, over as few hours up to it as have enough runs.
    /// </summary>
    /// <param name="back">The number of hours before the newest one.</param>
    /// <returns>Null where there are not enough runs to tell.</returns>
    public double? FactorAt(int back)
    {
        for (var hours = MinHours; hours <= MaxHours; hours++)
        {
            if (Compare(_hours.Length - back, hours) is { } comparison)
            {
                return Math.Exp(Math.Min(comparison.AboveDays, comparison.AboveWeek));
            }
        }

        return null;
    }

    /// <param name="end">The index after the last hour.</param>
    /// <param name="hours">The number of hours.</param>
    private Comparison? Compare(int end, int hours)
    {
        var now = Sum(end, hours);
        if (now.Count < MinRuns)
        {
            return null;
        }

        Span<double> days = stackalloc double[Drift.DaysCompared];
        var (known, week, runs, scatter) = (0, double.NegativeInfinity, now.Count, now.Scatter);
        for (var day = 1; day <= Drift.DaysCompared; day++)
        {
            var then = end - (day * 24);
            if (Max(then, hours) is { } usual)
            {
                days[known++] = usual;
                week = day == Drift.DaysCompared ? usual : week;
                var same = Sum(then, hours);
                (runs, scatter) = (runs + same.Count, scatter + (same.Count == 0 ? 0 : same.Scatter));
            }
        }

        if (known < Drift.MinDaysCompared)
        {
            return null;
        }

        days[..known].Sort();
        var error = Math.Sqrt(scatter / runs / now.Count);
        return new Comparison(Above(end, hours, days[known - 2]), double.IsFinite(week) ? Above(end, hours, week) : double.MaxValue, error);
    }

    /// <summary>The distance of the hours above a level, as a logarithm.</summary>
    private double Above(int end, int hours, double level)
    {
        var (sum, count) = (0d, 0L);
        for (var at = end - hours; at < end; at++)
        {
            if (at >= 0 && _hours[at] is { Count: > 0 } hour)
            {
                var above = hour.Mean - level;
                sum += hour.Count * (hour.Count < MinRuns ? above : Math.Min(above, Math.Log(MaxOfHour)));
                count += hour.Count;
            }
        }

        return sum / count;
    }

    /// <summary>
    /// The maximum level of the hours and of the same number of hours one earlier and one later: a busy time may shift by an hour, as
    /// with summer time.
    /// </summary>
    private double? Max(int end, int hours)
    {
        double? max = null;
        for (var shift = -1; shift <= 1; shift++)
        {
            if (Sum(end + shift, hours) is { Count: >= MinRuns / 2 } level)
            {
                max = Math.Max(level.Mean, max ?? level.Mean);
            }
        }

        return max;
    }

    private LatencyLevel Sum(int end, int hours) => end <= 0 ? default : _before[end] - _before[Math.Max(0, end - hours)];

    /// <summary>A comparison of some hours with the days before.</summary>
    /// <param name="AboveDays">The distance above the usual level, as a logarithm.</param>
    /// <param name="AboveWeek">The distance above the level a week ago, as a logarithm.</param>
    /// <param name="Error">The standard error of both.</param>
    private readonly record struct Comparison(double AboveDays, double AboveWeek, double Error)
    {
        public bool IsSlow => AboveDays > Limit(ErrorsOfDays) && AboveWeek > Limit(ErrorsOfWeek);

        private double Limit(double errors) =>
            Math.Max(Math.Log(Large) - Math.Max(0, Error - SmallError), Math.Log(Small) + (errors * Error));
    }
}
