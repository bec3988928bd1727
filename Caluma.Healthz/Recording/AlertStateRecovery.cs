using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Finds out what to go on from: the state of the alerts as it was written last, or made anew where it was lost; and what of it was never
/// announced. <c>latest.json</c>, which is written after each announcement, tells.
/// </summary>
internal sealed class AlertStateRecovery(RecordReader reader, DocumentStore documents, AlertEngine engine)
{
    /// <summary>As far back as the rules look at hours.</summary>
    private const int DaysToRestore = 8;

    /// <summary>As far back as something that is still open may have begun.</summary>
    private const int MaxDaysToReplay = 60;

    /// <summary>As far back as they look at less than hours.</summary>
    private static readonly TimeSpan _toReplay = TimeSpan.FromHours(7);

    /// <summary>Whether there was no time for more than that.</summary>
    private bool _isInAHurry;

    /// <param name="written">The state that was read; null where there is none, or where it cannot be read.</param>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The state, and what is still to be announced.</returns>
    public async Task<(TrendState State, TrendChanges Changes)> RecoverAsync(
        TrendState? written, LogPosition next, CancellationToken cancellationToken)
    {
        var changes = TrendChanges.None;
        return written is { Changed.IsEmpty: true } && written.Position == next
            ? (written, changes)
            : (await CompareAsync(written, next, changes, cancellationToken), changes);
    }

    /// <summary>The first records that a rule looks at. After a year without a run there may be more than a tick has time for.</summary>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    public static LogPosition FirstThatCounts(LogPosition next) => LogPosition.StartOf(next.Day.AddDays(-DaysToRestore));

    /// <summary>Finds out from the latest run what of a state was announced, and whether it is one at all.</summary>
    /// <param name="written">The state; null where there is none, or where it cannot be read.</param>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    /// <param name="changes">Gets what is still to be announced.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    private async Task<TrendState> CompareAsync(
        TrendState? written, LogPosition next, TrendChanges changes, CancellationToken cancellationToken)
    {
        var latest = (await documents.ReadAsync(LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken)).Value;
        if (written is not null && written.Sequence >= (latest?.Sequence ?? 0))
        {
            // Its writer ended before it announced what had changed.
            changes.Add(written.Sequence > latest?.Sequence ? written.Changed : TrendChanges.None);
            return written;
        }

        try
        {
            return await RestoreAsync(written, next, latest, changes, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _isInAHurry = true;
            throw;
        }
    }

    /// <summary>
    /// Makes a state from the rollups of the last days, and from the log of the hours before the newest of them; of a log without
    /// rollups, from all of its last days. What was announced, according to the latest run, is not announced again. Where there is no
    /// latest run either, the log is read from before the first failure of what is open, so that an incident has the id and the start
    /// by which people know it.
    /// </summary>
    private async Task<TrendState> RestoreAsync(
        TrendState? written, LogPosition next, LatestRun? latest, TrendChanges changes, CancellationToken cancellationToken)
    {
        var state = new TrendState { Ended = [.. written?.Ended ?? []], Position = next };
        var (rollups, from) = await ReadRollupsAsync(next, hasLatest: latest?.Incidents is not null, cancellationToken);
        rollups.ForEach(rollup => AlertEngine.Restore(state, rollup, from));

        var announced = true;
        foreach (var day in (await reader.DaysAsync(DateOnly.FromDateTime(from.UtcDateTime), next.Day, cancellationToken)).Keys)
        {
            var start = LogPosition.StartOf(day);
            var records = day < next.Day ? reader.ReadRestOfDayAsync(start, cancellationToken)
                : reader.ReadBetweenAsync(start, next, cancellationToken);
            await foreach (var record in records.Where(record => record.Tick >= from))
            {
                if (announced && record.Tick > latest?.Record.Tick)
                {
                    announced = false;
                    Open(latest);
                }

                var changed = engine.Take(state, record);
                changes.Add(announced ? TrendChanges.None : changed);
            }
        }

        if (announced && latest is not null)
        {
            Open(latest);
        }

        AddPast(state, written?.Incidents ?? []);
        return state;

        void Open(LatestRun latest)
        {
            state.Sequence = latest.Sequence;
            state.Open.Clear();
            state.Open.AddRange(latest.Alerts);
            if (latest.Incidents is { } incidents)
            {
                var known = state.Incidents.ToList();
                state.Incidents.Clear();
                state.Incidents.AddRange(incidents);
                AddPast(state, known);
            }
        }
    }

    /// <summary>Adds those incidents, of what was known of others, that ended before all that a state knows.</summary>
    private static void AddPast(TrendState state, IReadOnlyList<IncidentState> known)
    {
        var first = state.Incidents.Select(incident => incident.Incident.Opened).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        state.Incidents.InsertRange(0, known.Where(incident => incident.Incident.Resolved <= first && !state.Incidents.Contains(incident)));
    }

    /// <summary>The rollups to start from, the oldest first, and where in the log to go on.</summary>
    private async Task<(List<DayRollup> Rollups, DateTimeOffset From)> ReadRollupsAsync(
        LogPosition next, bool hasLatest, CancellationToken cancellationToken)
    {
        ReplayStart? start = null;
        var rollups = new List<DayRollup>();
        var isLong = !hasLatest && !_isInAHurry;
        var days = await documents.RollupVersionsAsync(
            next.Day.AddDays(-(isLong ? MaxDaysToReplay : DaysToRestore)), next.Day, cancellationToken);
        foreach (var day in days.Keys.Reverse().TakeWhile(day => start is not { IsKnown: true } || day >= FirstThatCounts(start.Time)))
        {
            if ((await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken)).Value
                is { Hours: [.., var lastHour] } rollup)
            {
                rollups.Insert(0, rollup);
                start ??= new ReplayStart(
                    new DateTimeOffset(day, new TimeOnly(lastHour.Hour, 0), TimeSpan.Zero) - _toReplay,
                    isLong ? engine.Windows.Remembered : TimeSpan.Zero);
                start.Add(rollup);
            }
        }

        return (rollups, start?.Time ?? new DateTimeOffset(next.Day.AddDays(-DaysToRestore), TimeOnly.MinValue, TimeSpan.Zero));

        static DateOnly FirstThatCounts(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).AddDays(-DaysToRestore);
    }
}
