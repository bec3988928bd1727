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

    /// <summary>The announced changes that no written state has, and those that repeat them.</summary>
    private readonly TrendChanges _announced = TrendChanges.None;

    /// <summary>The changes that are not announced yet.</summary>
    public TrendChanges Pending => WithoutRepetitions(_changes.Except(_announced));

    /// <summary>What was announced last of each alert.</summary>
    private IEnumerable<Alert> Last => _announced.Alerts.GroupBy(alert => alert.Identity).Select(said => said.Last());

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
        var changes = _changes.Except(_announced);
        var pending = WithoutRepetitions(changes);
        pending.Alerts.ForEach(alert => RecordingLog.Changed(logger, alert));
        pending.Incidents.ForEach(change => RecordingLog.Changed(logger, change));
        _announced.Add(changes);
    }

    /// <summary>
    /// Says what is so of each alert of which the opposite was announced: a process whose storage failed has judged without the runs that
    /// others had recorded. Then drops all changes, because they are announced and the state is written.
    /// </summary>
    public void Complete(TrendState written)
    {
        foreach (var last in Last)
        {
            var open = written.Open.Find(alert => alert.Key == last.Key);
            if (last.Resolved is not null && open?.Since == last.Since)
            {
                RecordingLog.Changed(logger, open);
            }
            else if (last.Resolved is null && open is null && !written.Ended.Exists(alert => alert.Identity == last.Identity))
            {
                RecordingLog.Changed(logger, last with { Resolved = written.Newest });
            }
        }

        _changes.Clear();
        _announced.Clear();
    }

    /// <summary>
    /// The changes without those that say what was said of the alert last: runs of others may move the tick of a resolution.
    /// </summary>
    private TrendChanges WithoutRepetitions(TrendChanges changes)
    {
        var isOpen = Last.ToDictionary(alert => alert.Identity, alert => alert.Resolved is null);
        return changes with { Alerts = [.. changes.Alerts.Where(IsNews)] };

        bool IsNews(Alert alert)
        {
            var isKnown = isOpen.TryGetValue(alert.Identity, out var wasOpen) && wasOpen == alert.Resolved is null;
            isOpen[alert.Identity] = alert.Resolved is null;
            return !isKnown;
        }
    }
}
