using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>The recorded and expected runs of a day. Results of a past day are cached.</summary>
internal sealed class TrendDay
{
    private const int HoursOfDay = DaySummary.HoursOfDay;

    private readonly DaySummary _summary;
    private readonly DayRollup? _rollup;
    private readonly Schedule _schedule;
    private readonly bool _isReadable;
    private readonly int?[] _expected;
    private readonly Dictionary<Series, SeriesSummary> _series;
    private readonly Dictionary<Series, (PeriodTrend Day, PeriodTrend[] Hours)> _trends = [];

    /// <param name="summary">The summary of the day.</param>
    /// <param name="rollup">The rollup of the day, where windows begin or end on it.</param>
    /// <param name="schedule">Tells the expected runs of hours without records.</param>
    /// <param name="isReadable">False where records cannot be read: no runs are expected then.</param>
    public TrendDay(DaySummary summary, DayRollup? rollup, Schedule schedule, bool isReadable = true)
    {
        (_summary, _rollup, _schedule, _isReadable) = (summary, rollup, schedule, isReadable);
        Start = new DateTimeOffset(summary.Day, TimeOnly.MinValue, TimeSpan.Zero);
        _expected = [.. summary.Expected];
        _series = summary.Series.ToDictionary(series => series.Series);
        HasHours = summary.Series.All(series => series.Hours is not null);
    }

    public DateOnly Day => _summary.Day;

    /// <summary>The version of the rollup.</summary>
    public string Version => _summary.Version;

    public DateTimeOffset Start { get; }

    /// <summary>The first moment after the day.</summary>
    public DateTimeOffset End => StartOf(HoursOfDay);

    /// <summary>Whether its hours are known.</summary>
    public bool HasHours { get; }

    /// <summary>Whether the latencies of its hours are known, too.</summary>
    public bool HasTallies => _rollup is not null || _series.Count == 0;

    /// <summary>The check.</summary>
    public IEnumerable<Series> Series => _series.Keys;

    /// <summary>A day that cannot be read.</summary>
    public static TrendDay Empty(DateOnly day, string version, Schedule schedule, bool isReadable = true) =>
        new(new DaySummary(day, version, new int?[HoursOfDay], []), null, schedule, isReadable);

    /// <summary>The day with only the needed detail.</summary>
    public TrendDay Trimmed(bool withHours, bool withTallies)
    {
        var isTrimmed = (withHours || !HasHours) && (withTallies || _rollup is null);
        return isTrimmed || _series.Count == 0
            ? this
            : new TrendDay(withHours ? _summary : _summary.WithoutHours(), withTallies ? _rollup : null, _schedule);
    }

    /// <summary>The start of the first hour with a record of a series; null where there is none.</summary>
    public DateTimeOffset? FirstHour(Series series)
    {
        var summary = _series.GetValueOrDefault(series);
        for (var hour = 0; summary is not null && hour < HoursOfDay; hour++)
        {
            if (RecordedIn(summary, hour) > 0)
            {
                return StartOf(hour);
            }
        }

        return null;
    }

    /// <summary>The results of a series on this day, from the start of its history.</summary>
    public PeriodTrend Trend(Series series, DateTimeOffset begin, Moment moment) => IsOver(begin, moment)
        ? Compute(series, begin, moment).Day
        : TrendOfDay(series, begin, moment);

    /// <summary>The hours of a series that end after the start of its history.</summary>
    public IEnumerable<PeriodTrend> Hours(Series series, DateTimeOffset begin, Moment moment) => IsOver(begin, moment)
        ? Compute(series, begin, moment).Hours
        : TrendsOfHours(series, begin, moment);

    /// <summary>The part of the day in a window, and the number of missing runs there.</summary>
    public (Tally Tally, int Missing) In(Window window, Series series, DateTimeOffset begin, Moment moment)
    {
        var summary = _series.GetValueOrDefault(series);
        var isWhole = window.Contains(Start, moment.Now) && window.Contains(StartOf(HoursOfDay - 1), moment.Now);
        if (isWhole && summary?.Latency is { } latency)
        {
            var (day, trend) = (summary.Day, Trend(series, begin, moment));
            return (new Tally(day.Runs, day.Failed, day.Excluded, Tally.None.Reasons, latency), trend.Missing);
        }

        var hours = Enumerable.Range(0, HoursOfDay).Where(hour => window.Contains(StartOf(hour), moment.Now)).ToList();
        var found = _rollup?.Hours.Where(hour => hours.Contains(hour.Hour)).SelectMany(hour => hour.Series) ?? [];
        var tallies = found.Where(one => one.Series == series).Select(one => one.Tally);
        return (Tally.Sum([.. tallies]), hours.Sum(hour => Missing(summary, hour, begin, moment)));
    }

    private DateTimeOffset StartOf(int hour) => Start.AddHours(hour);

    private bool IsOver(DateTimeOffset begin, Moment moment) => begin <= Start && End <= moment.Horizon;

    private (PeriodTrend Day, PeriodTrend[] Hours) Compute(Series series, DateTimeOffset begin, Moment moment)
    {
        lock (_trends)
        {
            if (!_trends.TryGetValue(series, out var trends))
            {
                PeriodTrend[] hours = HasHours ? [.. TrendsOfHours(series, begin, moment)] : [];
                _trends.Add(series, trends = (TrendOfDay(series, begin, moment), hours));
            }

            return trends;
        }
    }

    private PeriodTrend TrendOfDay(Series series, DateTimeOffset begin, Moment moment)
    {
        var summary = _series.GetValueOrDefault(series);
        var missing = Enumerable.Range(0, HoursOfDay).Sum(hour => Missing(summary, hour, begin, moment));
        return PeriodTrend.OfSummary(Start, summary?.Day ?? PeriodSummary.None, missing);
    }

    private IEnumerable<PeriodTrend> TrendsOfHours(Series series, DateTimeOffset begin, Moment moment)
    {
        var summary = _series.GetValueOrDefault(series);
        return Enumerable.Range(0, HoursOfDay)
            .Where(hour => StartOf(hour + 1) > begin)
            .Select(hour => PeriodTrend.OfSummary(
                StartOf(hour), summary?.Hours?[hour] ?? PeriodSummary.None, Missing(summary, hour, begin, moment)));
    }

    private int Missing(SeriesSummary? summary, int hour, DateTimeOffset begin, Moment moment) =>
        Math.Max(0, Expected(hour, begin, moment) - (summary is null ? 0 : RecordedIn(summary, hour)));

    private int RecordedIn(SeriesSummary summary, int hour) => summary.Recorded?[hour] ?? _summary.Expected[hour] ?? 0;

    /// <summary>The number of expected runs in an hour. Computed on first use, because a year without records has many hours.</summary>
    private int Expected(int hour, DateTimeOffset begin, Moment moment)
    {
        var (start, end) = (StartOf(hour), StartOf(hour + 1));
        if (!_isReadable)
        {
            return 0;
        }

        return begin > start || end > moment.Horizon
            ? Count(begin > start ? begin : start, end < moment.Horizon ? end : moment.Horizon)
            : _expected[hour] ??= Count(start, end);
    }

    private int Count(DateTimeOffset start, DateTimeOffset end) => start >= end ? 0 : _schedule.Count(start, end);
}
