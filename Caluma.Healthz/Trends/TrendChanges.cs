namespace Caluma.Healthz.Trends;

/// <summary>What has changed upon a run.</summary>
/// <param name="Alerts">The alerts that have triggered or resolved.</param>
/// <param name="Incidents">What has become of incidents.</param>
internal sealed record TrendChanges(List<Alert> Alerts, List<IncidentChange> Incidents)
{
    /// <summary>Nothing.</summary>
    public static TrendChanges None => new([], []);
}
