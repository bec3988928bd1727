using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps <c>alerts/state.json</c> up to date with the log and announces its changes. The state is written before the announcement and
/// <c>latest.json</c> after it, so that after a crash the two show which changes were announced.
/// </summary>
internal sealed class AlertUpdater
{
    private const int MaxAttempts = 5;

    private readonly DocumentStore _documents;
    private readonly AlertAnnouncer _announcer;
    private readonly AlertStateRecovery _recovery;
    private readonly IncidentRepeater _repeater;
    private readonly AlertDocument _state;

    public AlertUpdater(RecordReader reader, DocumentStore documents, AlertEngine engine, ILogger logger)
    {
        _documents = documents;
        (_announcer, _repeater) = (new AlertAnnouncer(logger), new IncidentRepeater(logger));
        _recovery = new AlertStateRecovery(reader, documents, engine);
        _state = new AlertDocument(reader, documents, engine, _recovery, _announcer);
    }

    /// <summary>The incidents after the newest run; null where another process has computed them.</summary>
    public IReadOnlyList<Incident>? Incidents => _state is { IsStale: false, Value: { } state }
        ? [.. state.Incidents.Select(incident => incident.Incident)]
        : null;

    /// <summary>The alerts that are open after the newest run; null where another process knows them.</summary>
    public IReadOnlyList<Alert>? Alerts => _state is { IsStale: false, Value: { } state } ? [.. state.Open] : null;

    /// <param name="appended">The blocks that were just appended.</param>
    /// <param name="stop">Ends the operation before the next tick.</param>
    /// <param name="cancellationToken">Cancels the operation, which is then done again at the end of the process.</param>
    public async Task UpdateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken stop, CancellationToken cancellationToken)
    {
        switch (await FoldAsync(appended, stop, cancellationToken))
        {
            case FoldOutcome.UpToDate:
                // The other writer has judged our records, too, and is about to announce the changes.
                _state.MarkStale();
                return;

            case FoldOutcome.Outrun:
                // The other writers judge and announce the records of the log.
                _announcer.Restart(TrendChanges.None);
                throw new InvalidOperationException("Others keep writing the state of the alerts.");
        }

        _announcer.Announce();
        _announcer.Complete(_state.Value!);
        var newest = appended[^1].Records[^1];
        _repeater.Repeat(_state.Value!, newest.Tick);
        await NoteAsync(LatestRun.Of(newest, _state.Value!), stop);
    }

    /// <summary>Judges a record that could not be written, once. Needs a state that was read, which has the announced changes.</summary>
    public void Evaluate(RunRecord record)
    {
        _state.Evaluate(record);
        _announcer.Announce();
        if (_state.Value is { } state)
        {
            _repeater.Repeat(state, record.Tick);
        }
    }

    /// <summary>
    /// Notes what was announced. Where another process has noted more meanwhile, that stays: a write that arrives late would take it back,
    /// and the next process would announce it again.
    /// </summary>
    private async Task NoteAsync(LatestRun latest, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (await _documents.WriteAsync(
                LatestRun.BlobName, latest, TrendsJson.Default.LatestRun, _recovery.LatestVersion, cancellationToken) is { } version)
            {
                _recovery.LatestVersion = version;
                return;
            }

            (var found, _recovery.LatestVersion) = await _documents.ReadAsync(
                LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken);
            if (found?.Sequence >= latest.Sequence)
            {
                return;
            }
        }

        throw new InvalidOperationException("Others keep writing the latest run.");
    }

    private async Task<FoldOutcome> FoldAsync(
        IReadOnlyList<AppendedBlock> appended, CancellationToken stop, CancellationToken cancellationToken)
    {
        _recovery.Unjudged ??= _state.Value is null ? appended[0].Records[0].Tick : null;
        try
        {
            var outcome = await _state.FoldAsync(appended, stop);
            _recovery.Unjudged = null;
            return outcome;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A storage that is down must not delay an alert. The state in memory has it, and is written with the next record.
            _announcer.Announce();
            throw;
        }
    }
}
