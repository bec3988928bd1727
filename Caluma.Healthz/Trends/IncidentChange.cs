using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>An event of an incident upon a run.</summary>
/// <param name="Event">The kind of the event.</param>
/// <param name="Incident">The incident at that time.</param>
internal sealed record IncidentChange(IncidentEvent Event, Incident Incident)
{
    /// <summary>Identifies the event among all events of all incidents.</summary>
    [JsonIgnore]
    public (string Id, IncidentEvent Event, DateTimeOffset? Tick) Key =>
        (Incident.Id, Event, Incident.Timeline is [.., var last] ? last.Tick : null);
}
