using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps <c>alerts/state.json</c> up to date with the log, and announces what changes. The state is written before, and
/// <c>latest.json</c> after the announcement: the two tell, after a crash, what was announced.
/// </summary>
internal sealed class AlertUpdater
{
    private readonly DocumentStore _documents;
    private readonly AlertAnnouncer _announcer;
    private readonly AlertDocument _state;

    public AlertUpdater(RecordReader reader, DocumentStore documents, AlertEngine engine, ILogger logger)
    {
        _documents = documents;
        _announcer = new AlertAnnouncer(logger);
        _state = new AlertDocument(reader, documents, engine, new AlertStateRecovery(reader, documents, engine), _announcer);
    }

    /// <summary>The incidents that are known after the newest run; null where another process knows them.</summary>
    public IReadOnlyList<Incident>? Incidents => _state is { IsStale: false, Value: { } state }
        ? [.. state.Incidents.Select(incident => incident.Incident)]
        : null;

    /// <param name="appended">What was appended just now.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        switch (await FoldAsync(appended, cancellationToken))
        {
            case FoldOutcome.UpToDate:
                // Who has written it has judged ours, too, and is about to announce what has changed.
                _state.MarkStale();
                return;

            case FoldOutcome.Outrun:
                // They judge what is in the log, and announce it.
                _announcer.Restart(TrendChanges.None);
                throw new InvalidOperationException("Others keep writing the state of the alerts.");
        }

        _announcer.Announce();
        _announcer.Settle();
        var latest = LatestRun.Of(appended[^1].Records[^1], _state.Value!);
        await _documents.WriteAsync(LatestRun.BlobName, latest, TrendsJson.Default.LatestRun, ETag.All, cancellationToken);
    }

    /// <summary>
    /// Judges a record that could not be written, where it was not judged before. Not before the first state was read: it tells what
    /// was announced.
    /// </summary>
    public void Judge(RunRecord record)
    {
        _state.Judge(record);
        _announcer.Announce();
    }

    private async Task<FoldOutcome> FoldAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        try
        {
            return await _state.FoldAsync(appended, cancellationToken);
        }
        catch (Exception)
        {
            // A storage that is away does not keep an alert back. It is in the state that is kept here, and written with the next.
            _announcer.Announce();
            throw;
        }
    }
}
