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
    private readonly HourRollup?[] _hours = new HourRollup?[HoursOfDay];
    private readonly int[] _expected = [.. Enumerable.Repeat(NotCounted, HoursOfDay)];
    private readonly Dictionary<Series, SeriesRollup> _day = [];
    private readonly Dictionary<Series, int> _firstHour = [];

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
            _hours[hour.Hour] = hour;
            if (Start.AddHours(hour.Hour + 1) <= horizon)
            {
                _expected[hour.Hour] = hour.Expected;
            }

            foreach (var series in hour.Series)
            {
                Add(hour.Hour, series);
            }
        }
    }

    public DateOnly Day { get; }

    public DateTimeOffset Start { get; }

    /// <summary>What was checked on it.</summary>
    public IEnumerable<Series> Series => _day.Keys;

    /// <summary>The hour of the first record of a series on this day; null where it has none.</summary>
    public int? FirstHour(Series series) => _firstHour.TryGetValue(series, out var hour) ? hour : null;

    /// <summary>An hour of a series; null where nothing was recorded, or the hours are forgotten.</summary>
    public SeriesRollup? Hour(int hour, Series series) => _hours[hour]?.Series.Find(rollup => rollup.Series == series);

    /// <summary>How many runs were to be recorded in an hour. Counted upon the first question only: a year without records has many hours.</summary>
    public int Expected(int hour)
    {
        if (_expected[hour] == NotCounted)
        {
            var (start, end) = (Start.AddHours(hour), Start.AddHours(hour + 1));
            _expected[hour] = start >= _horizon ? 0 : _schedule.Count(start, end < _horizon ? end : _horizon);
        }

        return _expected[hour];
    }

    /// <summary>The whole day, from an hour on.</summary>
    public PeriodTrend Trend(Series series, int fromHour) =>
        PeriodTrend.Of(Start, _day.GetValueOrDefault(series), Enumerable.Range(fromHour, HoursOfDay - fromHour).Sum(Expected));

    /// <summary>Keeps the whole day alone, which takes a tenth of the memory.</summary>
    public void ForgetHours() => Array.Clear(_hours);

    private void Add(int hour, SeriesRollup series)
    {
        _firstHour.TryAdd(series.Series, hour);
        if (!_day.TryGetValue(series.Series, out var day))
        {
            _day.Add(series.Series, day = new SeriesRollup { Check = series.Check, Target = series.Target });
        }

        day.Merge(series);
    }
}
