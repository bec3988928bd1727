using System.Collections.Concurrent;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Reads what the recorder keeps up to date: the state of the rules for windows of less than a day, rollups for those of days. Never
/// records, but where a rollup was lost; so its cost does not grow with the schedule. Days that are past are kept in memory.
/// </summary>
internal sealed class TrendReader(HistoryStore store, HealthzOptions options, TimeProvider time, ILogger<TrendReader> logger)
{
    /// <summary>As long as rollups are kept at the least.</summary>
    public const int MostDays = 400;

    private const int LongestWindow = 30;
    private const int MostParallel = 16;

    /// <summary>What a run needs beyond its timeout until it is recorded.</summary>
    private static readonly TimeSpan _untilRecorded = TimeSpan.FromSeconds(15);

    private static readonly (string Name, TimeSpan Length)[] _windows =
    [
        ("5m", TimeSpan.FromMinutes(5)), ("30m", TimeSpan.FromMinutes(30)), ("1h", TimeSpan.FromHours(1)), ("2h", TimeSpan.FromHours(2)),
        ("6h", TimeSpan.FromHours(6)), ("1d", TimeSpan.FromDays(1)), ("3d", TimeSpan.FromDays(3)), ("7d", TimeSpan.FromDays(7)),
        ("30d", TimeSpan.FromDays(LongestWindow)),
    ];

    private readonly AlertEngine _engine = new(options);
    private readonly ConcurrentDictionary<DateOnly, DaySummary> _past = [];

    /// <param name="days">How many days to look back, today among them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TrendReport> ReadAsync(int days, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var horizon = now - options.Timeout - _untilRecorded;
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var stateTask = store.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, cancellationToken);
        var summaries = await SummariesAsync(today.AddDays(-Math.Max(days - 1, LongestWindow)), today, horizon, cancellationToken);
        var state = (await stateTask).Value ?? new TrendState();

        // Says what a recorder would say that records nothing; nobody is told of it but who reads this.
        _engine.Advance(state, horizon);
        var series = summaries.SelectMany(day => day.Series).Concat(state.Series.Select(series => series.Series)).Distinct();
        return new TrendReport(
            now,
            state.Newest,
            state.Open.Exists(alert => alert.Rule == AlertRule.MissingData),
            options.Schedule.Expression,
            options.Slo,
            options.Timeout.TotalMilliseconds,
            [.. state.Open.OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since)],
            [.. Enumerable.Reverse(state.Ended)],
            [
                .. series
                    .OrderBy(series => series.Check)
                    .ThenBy(series => series.Target, StringComparer.Ordinal)
                    .Select(series => Trend(series, state.Series.Find(other => other.Series == series), summaries, days, now, horizon)),
            ]);
    }

    private static IEnumerable<(DaySummary Day, int From)> Since(IReadOnlyList<DaySummary> summaries, Series series)
    {
        var hasBegun = false;
        foreach (var day in summaries)
        {
            var first = day.FirstHour(series);
            if (hasBegun || first is not null)
            {
                yield return (day, hasBegun ? 0 : first!.Value);
                hasBegun = true;
            }
        }
    }

    private SeriesTrend Trend(
        Series series, SeriesState? state, IReadOnlyList<DaySummary> summaries, int days, DateTimeOffset now, DateTimeOffset horizon)
    {
        var since = Since(summaries, series).ToList();
        var firstDay = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - days);
        var hours = (
            from part in since
            where part.Day.Start > now - TimeSpan.FromDays(LongestWindow + 1)
            from hour in Enumerable.Range(part.From, 24 - part.From)
            let start = part.Day.Start.AddHours(hour)
            where Timeline.IsIn(start, now, TimeSpan.FromDays(LongestWindow))
            select (Start: start, Rollup: part.Day.Hour(hour, series), Expected: part.Day.Expected(hour))).ToList();
        var first = hours.Count > 0 && !(state?.First < hours[0].Start) ? hours[0].Start : state?.First ?? now;
        return new SeriesTrend(
            series.Check,
            series.Target,
            state?.Ok,
            state?.Reason,
            state?.Ok is null ? null : state.Since,
            [.. _windows.Select(window => window.Length < TimeSpan.FromDays(1) ? ShortWindow(window, state, first, now, horizon) : LongWindow(window, hours, first, now))],
            state is null ? null : Drift.Of(state.Hours),
            state is null ? null : Forecast.Of(state.Hours, options.Timeout),
            [.. since.Where(part => part.Day.Day >= firstDay).Select(part => part.Day.Trend(series, part.From))])
        {
            Hours = [.. hours.Select(hour => PeriodTrend.Of(hour.Start, hour.Rollup, hour.Expected))],
        };
    }

    private WindowTrend ShortWindow(
        (string Name, TimeSpan Length) window, SeriesState? state, DateTimeOffset first, DateTimeOffset now, DateTimeOffset horizon)
    {
        var sum = new SeriesRollup { Check = default, Target = "" };
        foreach (var bucket in state?.Buckets(now, window.Length) ?? [])
        {
            sum.Runs += bucket.Runs;
            sum.Ok += bucket.Runs - bucket.Failed;
            sum.Excluded += bucket.Excluded;
            sum.Latency.Merge(bucket.Latency);
        }

        var resolution = SeriesState.ResolutionOf(window.Length);
        var start = Timeline.Floor(now - window.Length, resolution) + resolution;
        start = first > start ? first : start;
        return Window(window, sum, state is null || start >= horizon ? 0 : options.Schedule.Count(start, horizon), now - first);
    }

    private WindowTrend LongWindow(
        (string Name, TimeSpan Length) window,
        List<(DateTimeOffset Start, SeriesRollup? Rollup, int Expected)> hours,
        DateTimeOffset first,
        DateTimeOffset now)
    {
        var sum = new SeriesRollup { Check = default, Target = "" };
        var expected = 0;
        foreach (var hour in hours.Where(hour => Timeline.IsIn(hour.Start, now, window.Length)))
        {
            expected += hour.Expected;
            if (hour.Rollup is { } rollup)
            {
                sum.Merge(rollup);
            }
        }

        return Window(window, sum, expected, now - first);
    }

    private WindowTrend Window((string Name, TimeSpan Length) window, SeriesRollup sum, int expected, TimeSpan age)
    {
        var failed = sum.Runs - sum.Ok;
        double? burn = sum.Runs == 0 ? null : Math.Round(_engine.BurnRate(sum.Runs, failed, window.Length, age), 4);
        return new WindowTrend(
            window.Name,
            sum.Runs,
            failed,
            sum.Excluded,
            Math.Max(0, expected - sum.Runs - sum.Excluded),
            sum.Runs == 0 ? null : Math.Round(100.0 * sum.Ok / sum.Runs, 4),
            burn,
            1 - burn,
            sum.Latency.Rounded(0.5),
            sum.Latency.Rounded(0.95),
            sum.Latency.Rounded(0.99));
    }

    private async Task<IReadOnlyList<DaySummary>> SummariesAsync(DateOnly from, DateOnly to, DateTimeOffset horizon, CancellationToken cancellationToken)
    {
        var wanted = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).Where(day => !_past.ContainsKey(day)).ToList();
        var rolledUp = store.RolledUpDaysAsync(wanted[0], to, cancellationToken);
        var recorded = await store.RecordedDaysAsync(wanted[0], to, cancellationToken);
        var known = (await rolledUp).Concat(recorded.Keys).ToHashSet();
        var read = new ConcurrentDictionary<DateOnly, DaySummary>();
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = MostParallel, CancellationToken = cancellationToken },
            async (day, cancellation) =>
            {
                var rollup = known.Contains(day) ? await RollupAsync(day, recorded.ContainsKey(day), cancellation) : null;
                read[day] = new DaySummary(day, rollup, options.Schedule, horizon);
            });

        // A record of yesterday may still come, from a storage that was away.
        foreach (var (day, summary) in read.Where(day => day.Key < to.AddDays(-1)))
        {
            _past[day] = summary;
        }

        foreach (var (day, summary) in _past)
        {
            if (day < to.AddDays(-MostDays))
            {
                _past.TryRemove(day, out _);
            }
            else if (day < to.AddDays(-LongestWindow))
            {
                summary.ForgetHours();
            }
        }

        return [.. Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).Select(day => read.GetValueOrDefault(day) ?? _past[day])];
    }

    private async Task<DayRollup?> RollupAsync(DateOnly day, bool hasRecords, CancellationToken cancellationToken)
    {
        var written = await store.ReadAsync(HistoryStore.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken);
        if (written.Value is not null || !hasRecords)
        {
            return written.Value;
        }

        if (written.IsBroken)
        {
            HistoryLog.Rebuilt(logger, HistoryStore.Rollup(day));
        }

        var rollup = new DayRollup { Day = day };
        await foreach (var record in store.ReadDayAsync(day, cancellationToken))
        {
            rollup.Fold(record, options.Schedule);
        }

        return rollup;
    }
}
