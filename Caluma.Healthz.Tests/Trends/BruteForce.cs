using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Computes the expected trend from all raw records, one by one, and the ticks of the schedule.</summary>
/// <param name="records">All records.</param>
/// <param name="options">The schedule and the objective.</param>
/// <param name="now">The moment.</param>
internal sealed class BruteForce(IReadOnlyList<RunRecord> records, HealthzOptions options, DateTimeOffset now)
{
    private static readonly IReadOnlyList<(string Name, TimeSpan Length, TimeSpan Resolution)> _windows =
    [
        ("5m", TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)),
        ("30m", TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(5)),
        ("1h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(5)),
        ("2h", TimeSpan.FromHours(2), TimeSpan.FromMinutes(5)),
        ("6h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(5)),
        ("1d", TimeSpan.FromDays(1), TimeSpan.FromHours(1)),
        ("3d", TimeSpan.FromDays(3), TimeSpan.FromHours(1)),
        ("7d", TimeSpan.FromDays(7), TimeSpan.FromHours(1)),
        ("30d", TimeSpan.FromDays(30), TimeSpan.FromHours(1)),
    ];

    private readonly List<DateTimeOffset> _ticks = [];
    private readonly Dictionary<Series, List<(DateTimeOffset Tick, bool Maintenance, CheckRecord Check)>> _runs = [];

    public IReadOnlyList<Series> Series { get; } =
    [
        .. records.SelectMany(record => record.Checks).Select(check => check.Series).Distinct()
            .OrderBy(series => series.Check).ThenBy(series => series.Target, StringComparer.Ordinal),
    ];

    /// <summary>All windows, each made of whole buckets that begin in it.</summary>
    public IEnumerable<WindowTrend> Windows(Series series) =>
        _windows.Select(window => Window(series, window.Name, window.Length, window.Resolution));

    private WindowTrend Window(Series series, string name, TimeSpan length, TimeSpan resolution)
    {
        bool IsIn(DateTimeOffset tick) => Floor(tick, resolution) > now - length && tick <= now;
        var (runs, failed, excluded, missing, passes) = Count(
            [.. RunsOf(series).Where(run => IsIn(run.Tick))], Expected(series).Count(IsIn));
        double? burn = runs == 0 ? null
            : (double)failed / (runs + excluded + missing) / (1 - (options.Slo / 100)) * Math.Min(1, (now - First(series)) / length);
        return new WindowTrend(
            name,
            runs,
            failed,
            excluded,
            missing,
            runs == 0 ? null : (double)(runs - failed) / runs * 100,
            burn,
            1 - burn,
            Rank(passes, 0.5),
            Rank(passes, 0.95),
            Rank(passes, 0.99));
    }

    /// <summary>The days from the first record on, at most <paramref name="most"/>.</summary>
    public IEnumerable<PeriodTrend> Days(Series series, int most)
    {
        var first = Floor(First(series), TimeSpan.FromDays(1));
        var today = Floor(now, TimeSpan.FromDays(1));
        return Periods(series, first > today.AddDays(1 - most) ? first : today.AddDays(1 - most), TimeSpan.FromDays(1));
    }

    /// <summary>The hours of the last 30 days.</summary>
    public IEnumerable<PeriodTrend> Hours(Series series)
    {
        var hour = TimeSpan.FromHours(1);
        var first = Floor(First(series), hour);
        var start = Floor(now.AddDays(-30), hour) + hour;
        return Periods(series, first > start ? first : start, hour);
    }

    private IEnumerable<PeriodTrend> Periods(Series series, DateTimeOffset first, TimeSpan length)
    {
        var found = RunsOf(series).ToLookup(run => Floor(run.Tick, length));
        var expected = Expected(series).ToLookup(tick => Floor(tick, length));
        for (var start = first; start <= now; start += length)
        {
            var (runs, failed, excluded, missing, passes) = Count([.. found[start]], expected[start].Count());
            yield return new PeriodTrend(start, runs, failed, excluded, missing, Rank(passes, 0.5), Rank(passes, 0.95))
            {
                Reasons = ReasonCounts.Of(found[start]
                    .Where(run => !run.Maintenance && !run.Check.Ok)
                    .CountBy(run => run.Check.Reason ?? Reason.Unknown)),
            };
        }
    }

    private static (int Runs, int Failed, int Excluded, int Missing, List<double> Passes) Count(
        List<(DateTimeOffset Tick, bool Maintenance, CheckRecord Check)> found, int expected)
    {
        var counted = found.Where(run => !run.Maintenance).ToList();
        var passes = counted.Where(run => run.Check.Ok).Select(run => run.Check.Ms).Order().ToList();
        return (counted.Count, counted.Count - passes.Count, found.Count - counted.Count, expected - found.Count, passes);
    }

    /// <summary>All ticks from the first record of a series on, without those that may still be recorded.</summary>
    private IEnumerable<DateTimeOffset> Expected(Series series)
    {
        if (_ticks.Count == 0)
        {
            var newest = records[^1].Tick;
            var late = now - options.Timeout - TimeSpan.FromSeconds(15);
            for (var tick = records[0].Tick; tick < late || tick <= newest; tick = options.Schedule.Next(tick))
            {
                _ticks.Add(tick);
            }
        }

        return _ticks.Where(tick => tick >= First(series));
    }

    private List<(DateTimeOffset Tick, bool Maintenance, CheckRecord Check)> RunsOf(Series series)
    {
        if (!_runs.TryGetValue(series, out var runs))
        {
            _runs.Add(series, runs =
            [
                .. from record in records
                   from check in record.Checks
                   where check.Series == series
                   select (record.Tick, record.Maintenance, check),
            ]);
        }

        return runs;
    }

    private DateTimeOffset First(Series series) => RunsOf(series)[0].Tick;

    private static double? Rank(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[Math.Max(1, (int)Math.Ceiling(share * sorted.Count)) - 1];

    private static DateTimeOffset Floor(DateTimeOffset time, TimeSpan width) => new(time.Ticks - (time.Ticks % width.Ticks), TimeSpan.Zero);
}
