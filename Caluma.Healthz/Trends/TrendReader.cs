using System.Collections.Concurrent;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Reads what the recorder keeps up to date: the state of the rules for windows of less than a day, rollups for those of days. Never
/// records, but where a rollup was lost; so its cost does not grow with the schedule. Days that are past are kept in memory.
/// </summary>
internal sealed class TrendReader(
    RecordReader reader, DocumentStore documents, HealthzOptions options, TimeProvider time, ILogger<TrendReader> logger)
{
    /// <summary>As long as rollups are kept at the least.</summary>
    public const int MaxDays = 400;

    private const int MaxWindowDays = 30;
    private const int MaxParallel = 16;

    /// <summary>What a run needs beyond its timeout until it is recorded.</summary>
    private static readonly TimeSpan _untilRecorded = TimeSpan.FromSeconds(15);

    private static readonly (string Name, TimeSpan Length)[] _shortWindows =
    [
        ("5m", TimeSpan.FromMinutes(5)), ("30m", TimeSpan.FromMinutes(30)), ("1h", TimeSpan.FromHours(1)), ("2h", TimeSpan.FromHours(2)),
        ("6h", TimeSpan.FromHours(6)),
    ];

    private static readonly (string Name, TimeSpan Length)[] _longWindows =
    [
        ("1d", TimeSpan.FromDays(1)), ("3d", TimeSpan.FromDays(3)), ("7d", TimeSpan.FromDays(7)), ("30d", TimeSpan.FromDays(MaxWindowDays)),
    ];

    private readonly AlertEngine _engine = new(options);
    private readonly ConcurrentDictionary<DateOnly, DaySummary> _past = [];

    /// <param name="days">How many days to look back, today among them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<TrendReport> ReadAsync(int days, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var daysTask = ReadDaysAsync(today.AddDays(-Math.Max(days - 1, MaxWindowDays)), today, cancellationToken);
        var stateTask = ReadStateAsync(cancellationToken);
        await Task.WhenAll(daysTask, stateTask);
        var (past, open, unreadable) = await daysTask;
        var state = await stateTask;
        var horizon = Horizon(now, state.Newest);
        List<DaySummary> summaries = [.. past, .. open.Select(day => new DaySummary(day.Day, day.Rollup, options.Schedule, horizon))];

        // Says what a recorder would say that records nothing; nobody is told of it but who reads this.
        _engine.Advance(state, horizon);
        var states = state.Series.ToDictionary(series => series.Series);
        var moment = new Moment(now, horizon, state.Newest, today.AddDays(1 - days));
        return new TrendReport(
            now,
            state.Newest,
            state is { Newest: not null, SinceGap: 0 },
            options.Schedule.Expression,
            options.Slo,
            options.Timeout.TotalMilliseconds,
            [.. state.Open.OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Since)],
            [.. Enumerable.Reverse(state.Ended)],
            [
                .. summaries.SelectMany(day => day.Series).Concat(states.Keys).Distinct()
                    .OrderBy(series => series.Check)
                    .ThenBy(series => series.Target, StringComparer.Ordinal)
                    .Select(series => Trend(series, states.GetValueOrDefault(series), summaries, moment)),
            ])
        {
            UnreadableDays = unreadable.Any(day => day >= moment.FirstDay) ? [.. unreadable.Where(day => day >= moment.FirstDay)] : null,
            Incidents = [.. Enumerable.Reverse(state.Incidents).Select(incident => incident.Incident)],
            CannotTrigger = [.. _engine.Windows.CannotTrigger()],
        };
    }

    /// <summary>What comes after this may still be recorded. What comes before the newest record will not.</summary>
    private DateTimeOffset Horizon(DateTimeOffset now, DateTimeOffset? newest)
    {
        var horizon = now - options.Timeout - _untilRecorded;
        return newest is { } tick && tick >= horizon && tick <= now ? tick.AddTicks(1) : horizon;
    }

    /// <summary>When the history of a series begins: exactly, where its state knows it, else by the hour.</summary>
    private static DateTimeOffset BeginOf(Series series, SeriesState? state, IReadOnlyList<DaySummary> summaries, DateTimeOffset now)
    {
        var hour = summaries.Select(day => day.FirstHour(series)).FirstOrDefault(first => first is not null);
        return state is not null && !(hour?.AddHours(1) <= state.First) ? state.First : hour ?? now;
    }

    private SeriesTrend Trend(Series series, SeriesState? state, IReadOnlyList<DaySummary> summaries, Moment moment)
    {
        var begin = BeginOf(series, state, summaries, moment.Now);
        var days = summaries.Where(day => day.End > begin).ToList();
        var hours = days
            .Where(day => day.End > moment.Now - TimeSpan.FromDays(MaxWindowDays))
            .SelectMany(day => day.Hours(series, begin))
            .Where(hour => Timeline.IsIn(hour.Start, moment.Now, TimeSpan.FromDays(MaxWindowDays)))
            .ToList();

        // What is no longer checked has a past, and no verdict.
        var verdict = state?.Newest == moment.Newest ? state : null;
        return new SeriesTrend(
            series.Check,
            series.Target,
            verdict?.Ok,
            verdict?.Reason,
            verdict?.Ok is null ? null : verdict.Since,
            [.. _shortWindows.Select(window => ShortWindow(window, state, begin, moment)), .. LongWindows(hours, begin, moment.Now)],
            state is null ? null : Rounded(Drift.Of(state.Hours)),
            state is null ? null : Rounded(Forecast.Of(state.Hours, options.Timeout)),
            [.. days.Where(day => day.Day >= moment.FirstDay).Select(day => day.Trend(series, begin))])
        {
            Hours = [.. hours.Select(hour => PeriodTrend.Of(hour.Start, hour.Rollup, hour.Missing))],
        };
    }

    private WindowTrend ShortWindow((string Name, TimeSpan Length) window, SeriesState? state, DateTimeOffset begin, Moment moment)
    {
        var sum = new SeriesRollup { Check = default, Target = "" };
        foreach (var bucket in state?.Buckets(moment.Now, window.Length) ?? [])
        {
            sum.Runs += bucket.Runs;
            sum.Ok += bucket.Runs - bucket.Failed;
            sum.Excluded += bucket.Excluded;
            sum.Latency.Merge(bucket.Latency);
        }

        var resolution = SeriesState.ResolutionOf(window.Length);
        var start = Timeline.Floor(moment.Now - window.Length, resolution) + resolution;
        start = state?.First > start ? state.First : start;
        var expected = state is null || start >= moment.Horizon ? 0 : options.Schedule.Count(start, moment.Horizon);
        return Window(window, sum, Math.Max(0, expected - sum.Runs - sum.Excluded), moment.Now - begin);
    }

    /// <summary>Each of them is the one before it and more, so that every hour is looked at once.</summary>
    private IEnumerable<WindowTrend> LongWindows(
        List<(DateTimeOffset Start, SeriesRollup? Rollup, int Missing)> hours, DateTimeOffset begin, DateTimeOffset now)
    {
        var sum = new SeriesRollup { Check = default, Target = "" };
        var missing = 0;
        var next = hours.Count - 1;
        foreach (var window in _longWindows)
        {
            for (; next >= 0 && Timeline.IsIn(hours[next].Start, now, window.Length); next--)
            {
                missing += hours[next].Missing;
                if (hours[next].Rollup is { } rollup)
                {
                    sum.Merge(rollup);
                }
            }

            yield return Window(window, sum, missing, now - begin);
        }
    }

    private WindowTrend Window((string Name, TimeSpan Length) window, SeriesRollup sum, int missing, TimeSpan age)
    {
        var failed = sum.Runs - sum.Ok;

        // As in the rules: what was not recorded, what does not count and what is older than the history counts as passed.
        double? burn = sum.Runs == 0 ? null
            : _engine.BurnRate(failed, (sum.Runs + sum.Excluded + missing) / Math.Min(1, age / window.Length));
        return new WindowTrend(
            window.Name,
            sum.Runs,
            failed,
            sum.Excluded,
            missing,
            sum.Runs == 0 ? null : Rounded(100.0 * sum.Ok / sum.Runs),
            Rounded(burn),
            Rounded(1 - burn),
            sum.Latency.Rounded(0.5),
            sum.Latency.Rounded(0.95),
            sum.Latency.Rounded(0.99));
    }

    private static double? Rounded(double? value) => value is { } number ? Math.Round(number, 4) : null;

    private static Drift? Rounded(Drift? drift) =>
        drift is null ? null : new Drift(Math.Round(drift.P95Ms, 2), Math.Round(drift.BaselineMs, 2));

    private static Forecast? Rounded(Forecast? forecast) =>
        forecast is null ? null
            : new Forecast(Math.Round(forecast.MsPerDay, 2), Math.Round(forecast.NowMs, 2), Rounded(forecast.DaysToTimeout));

    private async Task<TrendState> ReadStateAsync(CancellationToken cancellationToken)
    {
        if ((await documents.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, cancellationToken)).Value is { } written)
        {
            return written;
        }

        // The next record makes it anew. Until then, what was true at the last one is better than nothing.
        var state = new TrendState();
        if ((await documents.ReadAsync(LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken)).Value is { } latest)
        {
            _engine.Advance(state, latest.Record);
            state.Open.Clear();
            state.Open.AddRange(latest.Alerts);
            state.Incidents.AddRange(latest.Incidents ?? []);
        }

        return state;
    }

    /// <summary>
    /// The days that are past, and those that are not: of yesterday a record may still come, from a storage that was away.
    /// </summary>
    private async Task<(
        IReadOnlyList<DaySummary> Past, IReadOnlyList<(DateOnly Day, DayRollup? Rollup)> Open, IReadOnlyCollection<DateOnly> Unreadable)>
        ReadDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var yesterday = to.AddDays(-1);
        var days = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).ToLookup(day => day < yesterday);
        var (past, open) = (days[true], days[false]);
        var wanted = past.Where(day => !_past.ContainsKey(day)).Concat(open).ToList();
        var rolledUpTask = documents.RolledUpDaysAsync(wanted[0], to, cancellationToken);
        var recordedTask = reader.DaysAsync(wanted[0], to, cancellationToken);
        await Task.WhenAll(rolledUpTask, recordedTask);
        var (rolledUp, recorded) = (await rolledUpTask, await recordedTask);
        var read = new ConcurrentDictionary<DateOnly, DayRollup?>();
        var unreadable = new ConcurrentDictionary<DateOnly, DaySummary>();
        await Parallel.ForEachAsync(
            wanted,
            new ParallelOptions { MaxDegreeOfParallelism = MaxParallel, CancellationToken = cancellationToken },
            async (day, cancellation) =>
            {
                var hasRecords = recorded.ContainsKey(day);
                var (rollup, isReadable) = hasRecords
                    || rolledUp.Contains(day) ? await ReadRollupAsync(day, hasRecords, cancellation) : (null, true);
                if (!isReadable)
                {
                    // Nothing is expected of it, and it is not kept: it may be readable the next time.
                    unreadable[day] = new DaySummary(day, null, options.Schedule, DateTimeOffset.MinValue);
                }
                else if (day < yesterday)
                {
                    _past[day] = new DaySummary(day, rollup, options.Schedule, DateTimeOffset.MaxValue);
                }
                else
                {
                    read[day] = rollup;
                }
            });

        var summaries = past.Select(day => unreadable.GetValueOrDefault(day) ?? _past[day]).ToList();
        foreach (var (day, summary) in _past)
        {
            if (day < to.AddDays(-MaxDays))
            {
                _past.TryRemove(day, out _);
            }
            else if (day < to.AddDays(-MaxWindowDays))
            {
                summary.ForgetHours();
            }
        }

        return (summaries, [.. open.Select(day => (day, read.GetValueOrDefault(day)))], [.. unreadable.Keys.Order()]);
    }

    /// <summary>Reads a rollup, or makes it anew from the log. Neither may be readable: one is archived, say, and the other gone.</summary>
    private async Task<(DayRollup? Rollup, bool IsReadable)> ReadRollupAsync(
        DateOnly day, bool hasRecords, CancellationToken cancellationToken)
    {
        var written = await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken);
        if (written.Value?.Day == day)
        {
            return (written.Value, true);
        }

        if (!hasRecords)
        {
            return (null, written.ETag is null);
        }

        var rollup = new DayRollup { Day = day };
        try
        {
            await foreach (var record in reader.ReadDayAsync(day, cancellationToken))
            {
                rollup.Fold(record, options.Schedule);
            }
        }
        catch (Exception exception) when (HistoryFailure.IsOfOneItem(exception))
        {
            return (null, false);
        }

        if (written.ETag is not null)
        {
            HistoryLog.Rebuilt(logger, HistoryNames.Rollup(day));
        }

        return (rollup, true);
    }

    /// <summary>What is the same for all series of a report.</summary>
    private sealed record Moment(DateTimeOffset Now, DateTimeOffset Horizon, DateTimeOffset? Newest, DateOnly FirstDay);
}
