using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>An incident in a <see cref="WebhookMessage"/>: see <see cref="Incident"/>.</summary>
internal sealed record WebhookIncident(
    string Id,
    string System,
    string Target,
    Severity Severity,
    CheckSet Checks,
    DateTimeOffset Started,
    DateTimeOffset Opened,
    string Next,
    Reason? Reason = null,
    DateTimeOffset? Resolved = null);
