using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>What is posted to the webhook: docs/notifications.md and docs/schemas/webhook.schema.json have it for people.</summary>
/// <param name="Version">The version of the format.</param>
/// <param name="Event">What has become of the incident.</param>
/// <param name="At">The tick upon which it did.</param>
/// <param name="Incident">The incident as it was then.</param>
/// <param name="Environment">What people call the environment; null where it has no name.</param>
/// <param name="Runbook">The runbook of the operators; null where they have named none.</param>
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
            moment.Event == IncidentEvent.Resolved ? moment.Tick : null),
        options.Name,
        options.RunbookUrl?.AbsoluteUri);
}
