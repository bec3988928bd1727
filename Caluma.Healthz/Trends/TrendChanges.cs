using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The changes of alerts and incidents upon one or more runs.</summary>
/// <param name="Alerts">The alerts that were triggered or resolved.</param>
/// <param name="Incidents">The events of incidents.</param>
internal sealed record TrendChanges(List<Alert> Alerts, List<IncidentChange> Incidents)
{
    /// <summary>No changes.</summary>
    public static TrendChanges None => new([], []);

    /// <summary>Whether there are no changes.</summary>
    [JsonIgnore]
    public bool IsEmpty => Alerts.Count == 0 && Incidents.Count == 0;

    /// <summary>Adds later changes.</summary>
    public void Add(TrendChanges changes)
    {
        Alerts.AddRange(changes.Alerts);
        Incidents.AddRange(changes.Incidents);
    }

    /// <summary>Drops all changes.</summary>
    public void Clear()
    {
        Alerts.Clear();
        Incidents.Clear();
    }

    /// <summary>The changes that are not in <paramref name="others"/>.</summary>
    public TrendChanges Except(TrendChanges others) => new(
        [.. Alerts.Except(others.Alerts)],
        [.. Incidents.ExceptBy(others.Incidents.Select(change => change.Key), change => change.Key)]);
}
