using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Finds the state of alerts and incidents to continue from: the last written one, or one computed from the log where it was lost.
/// <c>latest.json</c>, which is written after each announcement, says which of its changes were announced.
/// </summary>
internal sealed class AlertStateRecovery(RecordReader reader, DocumentStore documents, AlertEngine engine)
{
    /// <summary>How far back the rules look at hours.</summary>
    private const int DaysToRestore = 8;

    /// <summary>How far back the beginning of an open incident is searched.</summary>
    private const int MaxDaysToReplay = 60;

    /// <summary>How far back the rules look at single runs and minutes.</summary>
    private static readonly TimeSpan _toReplay = TimeSpan.FromHours(7);

    /// <summary>Whether the time was too short to read more.</summary>
    private bool _isInAHurry;

    /// <summary>
    /// The first run that this process has appended without a state to judge it by; null where it had one. Where the latest run is lost,
    /// only this tells that the changes since then are not announced.
    /// </summary>
    public DateTimeOffset? Unjudged { get; set; }

    /// <summary>The version of the latest run that this process has read or written; null where there was none.</summary>
    public ETag? LatestVersion { get; set; }

    /// <param name="written">The state; null where it does not exist or cannot be read.</param>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The state, and the changes that are not announced yet.</returns>
    public async Task<(TrendState State, TrendChanges Changes)> RecoverAsync(
        TrendState? written, LogPosition next, CancellationToken cancellationToken)
    {
        var changes = TrendChanges.None;
        return (await CompareAsync(written, next, changes, cancellationToken), changes);
    }

    /// <summary>
    /// The place of the first records that a rule looks at. After a year without a run a tick may not have the time to read
    /// all.
    /// </summary>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    public static LogPosition FirstThatCounts(LogPosition next) => LogPosition.StartOf(next.Day.AddDays(-DaysToRestore));

    /// <summary>Compares a state with the latest run: which of its changes were announced, and whether it is usable.</summary>
    /// <param name="written">The state; null where it does not exist or cannot be read.</param>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    /// <param name="changes">Gets the changes that are not announced yet.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    private async Task<TrendState> CompareAsync(
        TrendState? written, LogPosition next, TrendChanges changes, CancellationToken cancellationToken)
    {
        (var latest, LatestVersion) = await documents.ReadAsync(
            LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken);
        if (written is not null && written.Sequence >= (latest?.Sequence ?? 0))
        {
            // A state that is newer than the latest run was not announced. Where there is no latest run, only the first state was not
            // announced; a later state means that the latest run was announced and then lost.
            var isUnannounced = latest is null ? written.Sequence == 1 : written.Sequence > latest.Sequence;
            changes.Add(isUnannounced ? written.Changed : TrendChanges.None);
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
    /// Computes a state from the rollups of the last days and the log of the last hours; without rollups, from the log of the last days.
    /// Changes that were announced according to the latest run are not announced again. Without a latest run the log is read from before
    /// the first failure of each open incident, so that the incident keeps its id and start.
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
                else if (latest is null && record.Tick >= Unjudged)
                {
                    announced = false;
                }

                var changed = engine.Evaluate(state, record);
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

    /// <summary>Adds known incidents that ended before the earliest one of a state.</summary>
    private static void AddPast(TrendState state, IReadOnlyList<IncidentState> known)
    {
        var first = state.Incidents.Select(incident => incident.Incident.Opened).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        state.Incidents.InsertRange(0, known.Where(incident => incident.Incident.Resolved <= first && !state.Incidents.Contains(incident)));
    }

    /// <summary>The rollups to start from, the oldest first, and the place of the log to continue at.</summary>
    private async Task<(List<DayRollup> Rollups, DateTimeOffset From)> ReadRollupsAsync(
        LogPosition next, bool hasLatest, CancellationToken cancellationToken)
    {
        RecoveryStart? start = null;
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
                start ??= new RecoveryStart(
                    new DateTimeOffset(day, new TimeOnly(lastHour.Hour, 0), TimeSpan.Zero) - _toReplay,
                    isLong ? engine.Windows.Remembered : TimeSpan.Zero);
                start.Add(rollup);
            }
        }

        return (rollups, start?.Time ?? new DateTimeOffset(next.Day.AddDays(-DaysToRestore), TimeOnly.MinValue, TimeSpan.Zero));

        static DateOnly FirstThatCounts(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime).AddDays(-DaysToRestore);
    }
}
