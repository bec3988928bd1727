using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Logs the changes of alerts and incidents, each of them once, even where a change is computed again because the state could not be
/// written.
/// </summary>
internal sealed class AlertAnnouncer(ILogger logger)
{
    /// <summary>The changes since the state was read or written.</summary>
    private readonly TrendChanges _changes = TrendChanges.None;

    /// <summary>The announced changes that no written state has.</summary>
    private readonly TrendChanges _announced = TrendChanges.None;

    /// <summary>The changes that are not announced yet.</summary>
    public TrendChanges Pending => _changes.Except(_announced);

    public void Add(TrendChanges changes) => _changes.Add(changes);

    /// <summary>Drops the changes of a state, because another one was read.</summary>
    /// <param name="changes">The changes of the other state that are not announced yet.</param>
    public void Restart(TrendChanges changes)
    {
        _changes.Clear();
        _changes.Add(changes);
    }

    public void Announce()
    {
        var pending = Pending;
        pending.Alerts.ForEach(alert => RecordingLog.Changed(logger, alert));
        pending.Incidents.ForEach(change => RecordingLog.Changed(logger, change));
        _announced.Add(pending);
    }

    /// <summary>Drops all changes, because they are announced and the state is written.</summary>
    public void Clear()
    {
        _changes.Clear();
        _announced.Clear();
    }
}
