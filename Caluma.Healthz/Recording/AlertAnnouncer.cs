using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>Logs what has changed of the alerts, each change once, however often it is found until the state with it is written.</summary>
internal sealed class AlertAnnouncer(ILogger logger)
{
    /// <summary>What the state has changed since it was read or written.</summary>
    private readonly List<Alert> _changes = [];

    /// <summary>What was announced and is in no state that was written.</summary>
    private readonly List<Alert> _announced = [];

    /// <summary>What is still to be announced.</summary>
    public IEnumerable<Alert> Pending => _changes.Except(_announced);

    public void Add(IEnumerable<Alert> changes) => _changes.AddRange(changes);

    /// <summary>Forgets what the state had changed, because another one was read.</summary>
    /// <param name="changes">What of that one is still to be announced.</param>
    public void Restart(IEnumerable<Alert> changes)
    {
        _changes.Clear();
        _changes.AddRange(changes);
    }

    public void Announce()
    {
        foreach (var change in Pending.ToList())
        {
            RecordingLog.Changed(logger, change);
            _announced.Add(change);
        }
    }

    /// <summary>Forgets all of it, because it was announced and the state with it is written.</summary>
    public void Settle()
    {
        _changes.Clear();
        _announced.Clear();
    }
}
