using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Reads the days of a history, and keeps each until its rollup changes. Days come from the summaries, or else from their rollups. A lost
/// rollup is computed from the log, and not written.
/// </summary>
internal sealed class RollupCache(RecordReader reader, DocumentStore documents, Schedule schedule, ILogger logger)
{
    /// <summary>How many past days may still get records, after the storage was down.</summary>
    private const int DaysThatMayChange = 3;

    private readonly ConcurrentDictionary<DateOnly, TrendDay> _days = [];

    /// <param name="from">The first day.</param>
    /// <param name="now">The current time; its day is the last one.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>All days in order, and those of them that cannot be read.</returns>
    /// <exception cref="Exception">There are days, and the storage hands out none of them.</exception>
    public async Task<(IReadOnlyList<TrendDay> Days, IReadOnlyCollection<DateOnly> Unreadable)> ReadAsync(
        DateOnly from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var needs = new Needs(now);
        var known = new SortedDictionary<DateOnly, TrendDay?>();
        for (var day = from; day <= needs.Today; day = day.AddDays(1))
        {
            known.Add(day, _days.TryGetValue(day, out var found) && needs.AreMetBy(found) ? found : null);
        }

        var first = known.First(day => day.Value is null || day.Key >= needs.Today.AddDays(-DaysThatMayChange)).Key;
        var versionsTask = documents.RollupVersionsAsync(first, needs.Today, cancellationToken);
        var recordedTask = reader.DaysAsync(first, needs.Today, cancellationToken);
        await Task.WhenAll(versionsTask, recordedTask);
        var (versions, recorded) = (await versionsTask, await recordedTask);
        var wanted = known
            .Where(day => day.Key >= first && day.Value?.Version != VersionOf(day.Key))
            .Select(day => (Day: day.Key, Version: VersionOf(day.Key), HasRecords: recorded.ContainsKey(day.Key)))
            .ToList();
        var rolledUp = wanted.Select(day => day.Day).Where(day => versions.ContainsKey(day) && !needs.Tallies(day));
        var refusals = new ConcurrentBag<Exception>();
        var summaries = await ReadSummariesAsync(rolledUp.Select(needs.Document).Distinct(), refusals, cancellationToken);
        var read = new ConcurrentDictionary<DateOnly, TrendDay>();
        var unreadable = new ConcurrentBag<DateOnly>();
        await Parallel.ForEachAsync(wanted, DocumentStore.InParallel(cancellationToken), async (day, cancellation) =>
        {
            if (!needs.Tallies(day.Day) && summaries.GetValueOrDefault(needs.Document(day.Day))?.Find(day.Day, day.Version) is { } summary)
            {
                read[day.Day] = _days[day.Day] = new TrendDay(summary, null, schedule);
                return;
            }

            var (rollup, isReadable, isKept) = day.Version.Length == 0
                ? (null, true, true)
                : await ReadRollupAsync(day.Day, day.HasRecords, refusals, cancellation);
            var found = read[day.Day] = rollup is null
                ? TrendDay.Empty(day.Day, day.Version, schedule, isReadable)
                : new TrendDay(DaySummary.Of(rollup, day.Version), rollup, schedule);
            if (!isReadable)
            {
                // Not kept: the day may be readable the next time.
                unreadable.Add(day.Day);
            }
            else if (isKept || day.Day < needs.Today.AddDays(-1))
            {
                _days[day.Day] = found;
            }
        });

        if (refusals.TryPeek(out var refusal) && wanted.Where(day => day.Version.Length > 0).All(day => unreadable.Contains(day.Day))
            && known.Values.All(day => day is null or { Version: "" }))
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        Trim(needs);
        return ([.. known.Select(day => read.GetValueOrDefault(day.Key) ?? day.Value!)], [.. unreadable.Order()]);

        string VersionOf(DateOnly day) =>
            versions.GetValueOrDefault(day) ?? (recorded.TryGetValue(day, out var bytes) ? $"{bytes} B of records" : "");
    }

    private async Task<IReadOnlyDictionary<string, SummaryDocument>> ReadSummariesAsync(
        IEnumerable<string> names, ConcurrentBag<Exception> refusals, CancellationToken cancellationToken)
    {
        var read = new ConcurrentDictionary<string, SummaryDocument>();
        await Parallel.ForEachAsync(names, DocumentStore.InParallel(cancellationToken), async (name, cancellation) =>
        {
            if ((await documents.ReadAsync(name, HistoryJson.Default.SummaryDocument, cancellation, refusals)).Value is { } document)
            {
                read[name] = document;
            }
        });
        return read;
    }

    /// <summary>Reads a rollup, or computes it from the log. Both may be unreadable, such as an archived rollup of a deleted log.</summary>
    private async Task<(DayRollup? Rollup, bool IsReadable, bool IsKept)> ReadRollupAsync(
        DateOnly day, bool hasRecords, ConcurrentBag<Exception> refusals, CancellationToken cancellationToken)
    {
        var written = await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken, refusals);
        if (written.Value?.Day == day)
        {
            return (written.Value, true, true);
        }

        if (!hasRecords)
        {
            return (null, written.ETag is null, false);
        }

        var rollup = new DayRollup { Day = day };
        try
        {
            await foreach (var record in reader.ReadDayAsync(day, cancellationToken))
            {
                rollup.Fold(record, schedule);
            }
        }
        catch (Exception exception) when (HistoryFailure.IsOfSingleItem(exception) || HistoryFailure.IsRefusal(exception))
        {
            if (HistoryFailure.IsRefusal(exception))
            {
                refusals.Add(exception);
            }

            return (null, false, false);
        }

        if (written.ETag is not null)
        {
            HistoryLog.Rebuilt(logger, HistoryNames.Rollup(day));
        }

        return (rollup, true, false);
    }

    private void Trim(Needs needs)
    {
        foreach (var (day, found) in _days)
        {
            if (day < needs.Today.AddDays(-TrendReader.MaxDays))
            {
                _days.TryRemove(day, out _);
            }
            else if (found.Trimmed(needs.Hours(day), needs.Tallies(day)) is var trimmed && trimmed != found)
            {
                _days.TryUpdate(day, trimmed, found);
            }
        }
    }

    /// <summary>
    /// The needed detail of each day: the hours of days in the largest window, and their latencies where a window begins or ends.
    /// </summary>
    private sealed class Needs(DateTimeOffset now)
    {
        private readonly HashSet<DateOnly> _withTallies = [.. Window.OfDays.Select(window => DayOf(now - window.Length)), DayOf(now)];
        private readonly DateOnly _firstWithHours = DayOf(now - Window.Max.Length);

        public DateOnly Today { get; } = DayOf(now);

        public bool Hours(DateOnly day) => day >= _firstWithHours;

        public bool Tallies(DateOnly day) => _withTallies.Contains(day);

        /// <summary>Finds a summary of a day with the needed detail.</summary>
        public string Document(DateOnly day) => Hours(day) ? HistoryNames.RecentSummary : HistoryNames.Summary(day);

        public bool AreMetBy(TrendDay day) => (day.HasHours || !Hours(day.Day)) && (day.HasTallies || !Tallies(day.Day));

        private static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);
    }
}
