using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps <c>alerts/state.json</c> up to date with the log, and announces what changes. The state is written before, and
/// <c>latest.json</c> after the announcement: the two tell, after a crash, what was announced.
/// </summary>
internal sealed class AlertUpdater(RecordReader reader, DocumentStore documents, AlertEngine engine, ILogger logger)
{
    private const int MostConflicts = 5;

    /// <summary>As far back as the rules look at hours.</summary>
    private const int DaysToRestore = 8;

    /// <summary>As far back as they look at less than hours.</summary>
    private static readonly TimeSpan _toReplay = TimeSpan.FromHours(7);

    /// <summary>What the state below has changed since it was read or written.</summary>
    private readonly List<Alert> _changes = [];

    /// <summary>What was announced and is in no state that was written.</summary>
    private readonly List<Alert> _announced = [];

    private TrendState? _state;
    private ETag? _version;

    /// <summary>Whether somebody else has written the state since, and judged records that we have not.</summary>
    private bool _isStale;

    /// <param name="appended">What was appended just now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            try
            {
                var state = _state is null || _isStale ? await LoadAsync(appended[0], cancellationToken) : _state;
                if (attempt > 0 && appended.SelectMany(block => block.Records).All(state.Seen.Contains))
                {
                    // Who has written it has judged ours, too, and is about to announce what has changed.
                    _isStale = true;
                    return;
                }

                SkipWhatIsTooOld(state, appended[0].Start);
                var records = reader.ReadNewAsync(state.Position, appended, cancellationToken);
                if (attempt > 0)
                {
                    // Of many writers one that takes in what the others have appended spares them to try again.
                    records = records.Concat(reader.ReadRestOfDayAsync(appended[^1].End, cancellationToken));
                }

                await foreach (var record in records)
                {
                    _changes.AddRange(engine.Advance(state, record));
                }

                state.Position = appended[^1].End;
                state.Changed = [.. _changes.Except(_announced)];
                state.Sequence++;
                var version = await documents.WriteAsync(TrendState.BlobName, state, TrendsJson.Default.TrendState, _version, cancellationToken);
                if (version is null)
                {
                    _isStale = true;
                    continue;
                }

                _version = version;
            }
            catch (Exception)
            {
                // A storage that is away does not keep an alert back. It is in the state that is kept here, and written with the next.
                Announce();
                throw;
            }

            Announce();
            _changes.Clear();
            _announced.Clear();
            var latest = new LatestRun(appended[^1].Records[^1], _state!.Open, _state.Sequence);
            await documents.WriteAsync(LatestRun.BlobName, latest, TrendsJson.Default.LatestRun, ETag.All, cancellationToken);
            return;
        }

        // They judge what is in the log, and announce it.
        _changes.Clear();
        throw new InvalidOperationException("Others keep writing the state of the alerts.");
    }

    /// <summary>Judges a record that could not be written, where it was not judged before. Not before the first state was read: it tells what was announced.</summary>
    public void Judge(RunRecord record)
    {
        if (_state is not null)
        {
            _changes.AddRange(engine.Advance(_state, record));
            Announce();
        }
    }

    /// <summary>Records that no rule looks at are not read: after a year without a run there may be more than a tick has time for.</summary>
    private static void SkipWhatIsTooOld(TrendState state, LogPosition until)
    {
        var first = LogPosition.StartOf(until.Day.AddDays(-DaysToRestore));
        if (state.Position < first)
        {
            state.Position = first;
        }
    }

    private void Announce()
    {
        foreach (var change in _changes.Except(_announced).ToList())
        {
            RecordingLog.Changed(logger, change);
            _announced.Add(change);
        }
    }

    /// <summary>Takes over the state as it was written last, or made anew where it was lost.</summary>
    /// <param name="next">What is to be judged next.</param>
    /// <param name="cancellationToken">Stops it, and leaves all as it was.</param>
    private async Task<TrendState> LoadAsync(AppendedBlock next, CancellationToken cancellationToken)
    {
        var written = await documents.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, cancellationToken);
        var changes = new List<Alert>();
        var state = written.Value is { Changed.Count: 0 } current && current.Position == next.Start
            ? current
            : await CompareAsync(written.Value, next, changes, cancellationToken);
        (_state, _version, _isStale) = (state, written.ETag, false);
        _changes.Clear();
        _changes.AddRange(changes);
        return state;
    }

    /// <summary>Finds out from the latest run what of a state was announced, and whether it is one at all.</summary>
    /// <param name="written">The state; null where there is none, or where it cannot be read.</param>
    /// <param name="next">What is to be judged next.</param>
    /// <param name="changes">Gets what is still to be announced.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<TrendState> CompareAsync(TrendState? written, AppendedBlock next, List<Alert> changes, CancellationToken cancellationToken)
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
    /// Makes a state from the rollups of the last days, and from the log of the hours before the newest of them; of a log without rollups, from
    /// all of its last days. What was announced, according to the latest run, is not announced again.
    /// </summary>
    private async Task<TrendState> RestoreAsync(
        IEnumerable<Alert> ended, AppendedBlock next, LatestRun? latest, List<Alert> changes, CancellationToken cancellationToken)
    {
        var state = new TrendState { Ended = [.. ended], Position = next.Start };
        var firstDay = next.Start.Day.AddDays(-DaysToRestore);
        var rollups = new List<DayRollup>();
        foreach (var day in await documents.RolledUpDaysAsync(firstDay, next.Start.Day, cancellationToken))
        {
            if ((await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken)).Value is { Hours.Count: > 0 } rollup)
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
        foreach (var day in (await reader.DaysAsync(DateOnly.FromDateTime(from.UtcDateTime), next.Start.Day, cancellationToken)).Keys)
        {
            var start = LogPosition.StartOf(day);
            var records = day < next.Start.Day ? reader.ReadRestOfDayAsync(start, cancellationToken) : reader.ReadBetweenAsync(start, next.Start, cancellationToken);
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
