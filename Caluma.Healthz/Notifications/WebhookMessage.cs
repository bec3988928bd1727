using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>The body of a post to the webhook, documented in docs/notifications.md and docs/schemas/webhook.schema.json.</summary>
/// <param name="Version">The version of the format.</param>
/// <param name="Event">The kind of the event.</param>
/// <param name="At">The tick of the event.</param>
/// <param name="Incident">The incident at that time.</param>
/// <param name="Environment">The name of the environment; null where it has none.</param>
/// <param name="Runbook">The address of the operators' runbook; null where they have none.</param>
internal sealed record WebhookMessage(
    int Version, IncidentEvent Event, DateTimeOffset At, WebhookIncident Incident, string? Environment = null, string? Runbook = null)
{
    public static WebhookMessage Of(Incident incident, IncidentMoment moment, HealthzOptions options) => new(
        Version: 1,
        moment.Event,
        moment.Tick,
        new WebhookIncident(
            incident.Id,
            incident.System,
            incident.Target,
            incident.Severity,
            moment.Checks,
            incident.Started,
            incident.Opened,
            incident.Next,
            incident.Reason,
            moment.Event == IncidentEvent.Resolved ? moment.Tick : null,
            incident.Members),
        options.Name,
        options.RunbookUrl?.AbsoluteUri);
}
