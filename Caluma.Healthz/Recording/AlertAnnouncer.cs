using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Logs what has changed of alerts and incidents, each change once, however often it is found until the state with it is written.
/// </summary>
internal sealed class AlertAnnouncer(ILogger logger)
{
    /// <summary>What the state has changed since it was read or written.</summary>
    private readonly TrendChanges _changes = TrendChanges.None;

    /// <summary>What was announced and is in no state that was written.</summary>
    private readonly TrendChanges _announced = TrendChanges.None;

    /// <summary>What is still to be announced.</summary>
    public TrendChanges Pending => _changes.Except(_announced);

    public void Add(TrendChanges changes) => _changes.Add(changes);

    /// <summary>Forgets what the state had changed, because another one was read.</summary>
    /// <param name="changes">What of that one is still to be announced.</param>
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

    /// <summary>Forgets all of it, because it was announced and the state with it is written.</summary>
    public void Settle()
    {
        _changes.Clear();
        _announced.Clear();
    }
}
