namespace Caluma.Healthz.Trends;

/// <summary>What has become of an incident upon a run.</summary>
/// <param name="Event">What.</param>
/// <param name="Incident">The incident as it is now.</param>
internal sealed record IncidentChange(IncidentEvent Event, Incident Incident);
