using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps <c>alerts/state.json</c> up to date with the log, and announces what changes. The state is written before, and
/// <c>latest.json</c> after the announcement: the two tell, after a crash, what was announced.
/// </summary>
internal sealed class AlertUpdater(HistoryStore store, AlertEngine engine, ILogger logger)
{
    private const int MostConflicts = 5;

    /// <summary>As far back as the rules look at hours.</summary>
    private const int DaysToRestore = 8;

    /// <summary>As far back as they look at less than hours.</summary>
    private static readonly TimeSpan _toReplay = TimeSpan.FromHours(7);

    private readonly List<Alert> _announcedUnsaved = [];
    private TrendState? _state;
    private ETag? _version;

    /// <returns>The day that has ended since the record before, where one has.</returns>
    public async Task<DateOnly?> BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var changes = new List<Alert>();
            var state = _state ??= await LoadAsync(appended[0], changes, cancellationToken);
            var before = state.Newest;
            await foreach (var record in store.ReadNewAsync(state.Position, appended, cancellationToken))
            {
                changes.AddRange(engine.Advance(state, record));
            }

            state.Position = appended[^1].End;
            state.Changed = changes;
            state.Sequence++;
            try
            {
                _version = await store.WriteAsync(TrendState.BlobName, state, TrendsJson.Default.TrendState, _version, cancellationToken);
            }
            catch (Exception)
            {
                // A storage that is away does not keep an alert back. It is in the state that is kept here, and written with the next.
                Announce(changes);
                _announcedUnsaved.AddRange(changes);
                throw;
            }

            if (_version is null)
            {
                // Somebody else has written it meanwhile, and judged records that we have not.
                _state = null;
                continue;
            }

            Announce(changes);
            _announcedUnsaved.Clear();
            var newest = appended[^1].Records[^1];
            var latest = new LatestRun(newest, state.Open, state.Sequence);
            await store.WriteAsync(LatestRun.BlobName, latest, TrendsJson.Default.LatestRun, ETag.All, cancellationToken);
            return before is { } time && DateOnly.FromDateTime(time.UtcDateTime) is var day && day < newest.Day ? day : null;
        }

        throw new InvalidOperationException("Others keep writing the state of the alerts.");
    }

    /// <summary>Judges a record that could not be written, where it was not judged before. Not before the first state was read: it tells what was announced.</summary>
    public void Judge(RunRecord record)
    {
        if (_state is not null)
        {
            var changes = engine.Advance(_state, record);
            Announce(changes);
            _announcedUnsaved.AddRange(changes);
        }
    }

    private void Announce(IEnumerable<Alert> changes)
    {
        foreach (var change in changes.Where(change => !_announcedUnsaved.Contains(change)))
        {
            RecordingLog.Changed(logger, change);
        }
    }

    /// <summary>The state as it was written last, or made anew where it was lost.</summary>
    /// <param name="next">What is to be judged next.</param>
    /// <param name="changes">Gets what is still to be announced.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<TrendState> LoadAsync(AppendedBlock next, List<Alert> changes, CancellationToken cancellationToken)
    {
        var written = await store.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, cancellationToken);
        _version = written.ETag;
        if (written.Value is { Changed.Count: 0 } state && state.Position == next.Start)
        {
            return state;
        }

        var latest = (await store.ReadAsync(LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken)).Value;
        if (written.Value is { } known && known.Sequence >= (latest?.Sequence ?? 0))
        {
            // Its writer ended before it announced what had changed.
            changes.AddRange(known.Sequence > latest?.Sequence ? known.Changed : []);
            return known;
        }

        return await RestoreAsync(written.Value?.Ended ?? [], next, latest, changes, cancellationToken);
    }

    /// <summary>Makes a state from the rollups of the last days and the log of the last hours. What was announced, according to the latest run, is not announced again.</summary>
    private async Task<TrendState> RestoreAsync(
        IEnumerable<Alert> ended, AppendedBlock next, LatestRun? latest, List<Alert> changes, CancellationToken cancellationToken)
    {
        var state = new TrendState { Ended = [.. ended], Position = next.Start };
        var from = Timeline.Floor(next.Records[0].Tick - _toReplay, TimeSpan.FromHours(1));
        var firstDay = DateOnly.FromDateTime(from.UtcDateTime);
        for (var day = firstDay.AddDays(-DaysToRestore); day <= firstDay; day = day.AddDays(1))
        {
            if ((await store.ReadAsync(HistoryStore.Rollup(day), HistoryJson.Default.DayRollup, cancellationToken)).Value is { } rollup)
            {
                AlertEngine.Restore(state, rollup, from);
            }
        }

        var announced = true;
        await foreach (var record in store.ReadAsync(LogPosition.StartOf(firstDay), next.Start, cancellationToken))
        {
            if (record.Tick < from)
            {
                continue;
            }

            if (announced && record.Tick > latest?.Record.Tick)
            {
                announced = false;
                Open(latest);
            }

            var changed = engine.Advance(state, record);
            changes.AddRange(announced ? [] : changed);
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
