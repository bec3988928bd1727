using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>A day's rollup, ready to be looked at from above: the whole day, and its hours.</summary>
internal sealed class DaySummary
{
    private const int HoursOfDay = 24;
    private const int NotCounted = -1;

    private readonly Schedule _schedule;
    private readonly DateTimeOffset _horizon;
    private readonly int[] _expected = [.. Enumerable.Repeat(NotCounted, HoursOfDay)];
    private readonly Dictionary<Series, SeriesDay> _series = [];

    /// <param name="day">The day.</param>
    /// <param name="rollup">What was found on it; null where nothing was recorded.</param>
    /// <param name="schedule">What was to be recorded in hours without a record.</param>
    /// <param name="horizon">What comes after this is not expected yet.</param>
    public DaySummary(DateOnly day, DayRollup? rollup, Schedule schedule, DateTimeOffset horizon)
    {
        Day = day;
        Start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
        _schedule = schedule;
        _horizon = horizon;
        foreach (var hour in rollup?.Hours ?? [])
        {
            if (StartOf(hour.Hour + 1) <= horizon)
            {
                _expected[hour.Hour] = hour.Expected;
            }

            foreach (var series in hour.Series)
            {
                if (!_series.TryGetValue(series.Series, out var found))
                {
                    _series.Add(series.Series, found = new SeriesDay(series.Series));
                }

                found.Add(hour.Hour, series);
            }
        }
    }

    public DateOnly Day { get; }

    public DateTimeOffset Start { get; }

    /// <summary>The first moment after it.</summary>
    public DateTimeOffset End => Start.AddDays(1);

    /// <summary>What was checked on it.</summary>
    public IEnumerable<Series> Series => _series.Keys;

    /// <summary>When the first hour of this day begins that has a record of a series; null where none has.</summary>
    public DateTimeOffset? FirstHour(Series series) =>
        _series.TryGetValue(series, out var day) ? StartOf(day.FirstHour) : null;

    /// <summary>
    /// The hours of a series whose history has begun by their end. Without what was found, where the hours are forgotten.
    /// </summary>
    public IEnumerable<(DateTimeOffset Start, SeriesRollup? Rollup, int Missing)> Hours(Series series, DateTimeOffset begin)
    {
        var day = _series.GetValueOrDefault(series);
        for (var hour = 0; hour < HoursOfDay; hour++)
        {
            if (StartOf(hour + 1) > begin)
            {
                yield return (StartOf(hour), day?.Hours[hour], Missing(day, hour, begin));
            }
        }
    }

    /// <summary>The whole day of a series, from when its history began.</summary>
    public PeriodTrend Trend(Series series, DateTimeOffset begin)
    {
        var day = _series.GetValueOrDefault(series);
        return PeriodTrend.Of(Start, day?.Sum, Enumerable.Range(0, HoursOfDay).Sum(hour => Missing(day, hour, begin)));
    }

    /// <summary>Keeps the whole day alone, which takes a tenth of the memory.</summary>
    public void ForgetHours()
    {
        foreach (var day in _series.Values)
        {
            Array.Clear(day.Hours);
        }
    }

    private DateTimeOffset StartOf(int hour) => Start.AddHours(hour);

    private int Missing(SeriesDay? day, int hour, DateTimeOffset begin) => Math.Max(0, Expected(hour, begin) - (day?.Recorded[hour] ?? 0));

    /// <summary>
    /// How many runs were to be recorded in an hour. Counted upon the first question only: a year without records has many hours.
    /// </summary>
    private int Expected(int hour, DateTimeOffset begin)
    {
        var (start, end) = (StartOf(hour), StartOf(hour + 1));
        if (begin > start)
        {
            return Count(begin, end);
        }

        if (_expected[hour] == NotCounted)
        {
            _expected[hour] = Count(start, end);
        }

        return _expected[hour];
    }

    private int Count(DateTimeOffset start, DateTimeOffset end)
    {
        end = end < _horizon ? end : _horizon;
        return start >= end ? 0 : _schedule.Count(start, end);
    }

    /// <summary>The day of one series.</summary>
    private sealed class SeriesDay(Series series)
    {
        public int FirstHour { get; private set; } = HoursOfDay;

        public SeriesRollup Sum { get; } = new() { Check = series.Check, Target = series.Target };

        public SeriesRollup?[] Hours { get; } = new SeriesRollup?[HoursOfDay];

        /// <summary>How many runs each hour has, those during maintenance among them.</summary>
        public int[] Recorded { get; } = new int[HoursOfDay];

        public void Add(int hour, SeriesRollup rollup)
        {
            FirstHour = Math.Min(FirstHour, hour);
            Hours[hour] = rollup;
            Recorded[hour] += rollup.Runs + rollup.Excluded;
            Sum.Merge(rollup);
        }
    }
}
