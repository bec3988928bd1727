using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What has changed upon a run, or upon several: what people are to be told.</summary>
/// <param name="Alerts">The alerts that have triggered or resolved.</param>
/// <param name="Incidents">What has become of incidents.</param>
internal sealed record TrendChanges(List<Alert> Alerts, List<IncidentChange> Incidents)
{
    /// <summary>Nothing.</summary>
    public static TrendChanges None => new([], []);

    /// <summary>Whether nothing has changed.</summary>
    [JsonIgnore]
    public bool IsEmpty => Alerts.Count == 0 && Incidents.Count == 0;

    /// <summary>Takes in what has changed since.</summary>
    public void Add(TrendChanges changes)
    {
        Alerts.AddRange(changes.Alerts);
        Incidents.AddRange(changes.Incidents);
    }

    /// <summary>Forgets all of it.</summary>
    public void Clear()
    {
        Alerts.Clear();
        Incidents.Clear();
    }

    /// <summary>What is not in <paramref name="others"/>, too.</summary>
    public TrendChanges Except(TrendChanges others) => new(
        [.. Alerts.Except(others.Alerts)],
        [.. Incidents.ExceptBy(others.Incidents.Select(change => change.Key), change => change.Key)]);
}
