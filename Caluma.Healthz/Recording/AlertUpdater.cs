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
    public const string StateName = "alerts/state.json";
    public const string LatestName = "latest.json";

    private const int MostConflicts = 5;

    /// <summary>As far back as the rules look.</summary>
    private const int DaysToRestore = 8;

    private readonly List<Alert> _announcedUnsaved = [];
    private TrendState? _state;
    private ETag? _version;

    /// <returns>The day that has ended since the record before, where one has.</returns>
    public async Task<DateOnly?> BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var changes = new List<Alert>();
            var state = _state ??= await LoadAsync(appended[0].Start, changes, cancellationToken);
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
                _version = await store.WriteAsync(StateName, state, TrendsJson.Default.TrendState, _version, cancellationToken);
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
            await store.WriteAsync(LatestName, latest, TrendsJson.Default.LatestRun, ETag.All, cancellationToken);
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

    /// <summary>The state as it was written last, or made anew from the log where it was lost.</summary>
    /// <param name="until">Up to where the log has been judged by others.</param>
    /// <param name="changes">Gets what is still to be announced.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task<TrendState> LoadAsync(LogPosition until, List<Alert> changes, CancellationToken cancellationToken)
    {
        var written = await store.ReadAsync(StateName, TrendsJson.Default.TrendState, cancellationToken);
        _version = written.ETag;
        if (written.Value is { Changed.Count: 0 } state && state.Position == until)
        {
            return state;
        }

        var latest = (await store.ReadAsync(LatestName, TrendsJson.Default.LatestRun, cancellationToken)).Value;
        if (written.Value is { } known && known.Sequence >= (latest?.Sequence ?? 0))
        {
            // Its writer ended before it announced what had changed.
            changes.AddRange(known.Sequence > latest?.Sequence ? known.Changed : []);
            return known;
        }

        return await RestoreAsync(written.Value ?? new TrendState { Day = until.Day.AddDays(-DaysToRestore) }, until, latest, changes, cancellationToken);
    }

    /// <summary>Brings a state that is too old, or new, up to the log. What was announced, according to the latest run, is not announced again.</summary>
    private async Task<TrendState> RestoreAsync(
        TrendState state, LogPosition until, LatestRun? latest, List<Alert> changes, CancellationToken cancellationToken)
    {
        var announced = true;
        await foreach (var record in store.ReadAsync(state.Position, until, cancellationToken))
        {
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

        state.Position = until;
        return state;

        void Open(LatestRun latest)
        {
            state.Sequence = latest.Sequence;
            state.Open.Clear();
            state.Open.AddRange(latest.Alerts);
        }
    }
}
