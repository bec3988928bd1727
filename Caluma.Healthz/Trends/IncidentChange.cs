using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What has become of an incident upon a run.</summary>
/// <param name="Event">What.</param>
/// <param name="Incident">The incident as it was then.</param>
internal sealed record IncidentChange(IncidentEvent Event, Incident Incident)
{
    /// <summary>Tells it from all other changes, of this incident and of others.</summary>
    [JsonIgnore]
    public (string Id, IncidentEvent Event, DateTimeOffset? Tick) Key =>
        (Incident.Id, Event, Incident.Timeline is [.., var last] ? last.Tick : null);
}
