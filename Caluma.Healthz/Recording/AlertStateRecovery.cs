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

    /// <summary>As far back as they look at less than hours.</summary>
    private static readonly TimeSpan _toReplay = TimeSpan.FromHours(7);

    /// <param name="written">The state that was read; null where there is none, or where it cannot be read.</param>
    /// <param name="next">Where in the log stands what is to be judged next.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The state, and what is still to be announced.</returns>
    public async Task<(TrendState State, IReadOnlyList<Alert> Changes)> RecoverAsync(
        TrendState? written, LogPosition next, CancellationToken cancellationToken)
    {
        var changes = new List<Alert>();
        return written is { Changed.Count: 0 } && written.Position == next
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
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<TrendState> CompareAsync(
        TrendState? written, LogPosition next, List<Alert> changes, CancellationToken cancellationToken)
    {
        var latest = (await documents.ReadAsync(LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken)).Value;
        if (written is not null && written.Sequence >= (latest?.Sequence ?? 0))
        {
            // Its writer ended before it announced what had changed.
            changes.AddRange(written.Sequence > latest?.Sequence ? written.Changed : []);
            return written;
        }

        return await RestoreAsync(written?.Ended ?? [], next, latest, changes, cancellationToken);
    }

    /// <summary>
    /// Makes a state from the rollups of the last days, and from the log of the hours before the newest of them; of a log without
    /// rollups, from all of its last days. What was announced, according to the latest run, is not announced again.
    /// </summary>
    private async Task<TrendState> RestoreAsync(
        IEnumerable<Alert> ended, LogPosition next, LatestRun? latest, List<Alert> changes, CancellationToken cancellationToken)
    {
        var state = new TrendState { Ended = [.. ended], Position = next };
        var firstDay = next.Day.AddDays(-DaysToRestore);
        var rollups = new List<DayRollup>();
        foreach (var day in await documents.RolledUpDaysAsync(firstDay, next.Day, cancellationToken))
        {
            if ((await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken))
                .Value is { Hours.Count: > 0 } rollup)
            {
                rollups.Add(rollup);
            }
        }

        var from = new DateTimeOffset(firstDay, TimeOnly.MinValue, TimeSpan.Zero);
        if (rollups is [.., { Day: var lastDay, Hours: [.., var lastHour] }])
        {
            from = new DateTimeOffset(lastDay, new TimeOnly(lastHour.Hour, 0), TimeSpan.Zero) - _toReplay;
            rollups.ForEach(rollup => AlertEngine.Restore(state, rollup, from));
        }

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

                var changed = engine.Advance(state, record);
                changes.AddRange(announced ? [] : changed);
            }
        }

        if (announced && latest is not null)
        {
            Open(latest);
        }

        return state;

        void Open(LatestRun latest)
        {
            state.Sequence = latest.Sequence;
            state.Open.Clear();
            state.Open.AddRange(latest.Alerts);
        }
    }
}
