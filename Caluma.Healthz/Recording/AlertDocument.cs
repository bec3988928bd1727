using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Recording;

/// <summary>The state of alerts and incidents. Its changes go to the announcer.</summary>
internal sealed class AlertDocument(
    RecordReader reader, DocumentStore documents, AlertEngine engine, AlertStateRecovery recovery, AlertAnnouncer announcer)
    : FoldedDocument<TrendState>(reader, documents, TrendState.BlobName, TrendsJson.Default.TrendState)
{
    /// <summary>Adds a record that could not be appended. Needs a state that was read, which has the announced changes.</summary>
    public void Evaluate(RunRecord record)
    {
        if (Value is not null)
        {
            Fold(Value, record);
        }
    }

    protected override async Task<TrendState> AcceptAsync(
        Document<TrendState> written, LogPosition next, CancellationToken cancellationToken)
    {
        var (state, changes) = await recovery.RecoverAsync(written.Value, next, cancellationToken);
        announcer.Restart(changes);
        return state;
    }

    protected override LogPosition From(TrendState value, LogPosition next)
    {
        var first = AlertStateRecovery.FirstThatCounts(next);
        return value.Position < first ? first : value.Position;
    }

    protected override bool Fold(TrendState value, RunRecord record)
    {
        announcer.Add(engine.Evaluate(value, record));
        return true;
    }

    protected override void Prepare(TrendState value)
    {
        value.Changed = announcer.Pending;
        value.Sequence++;
    }
}
