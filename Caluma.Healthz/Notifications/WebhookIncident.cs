using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>An <see cref="Incident"/> in a <see cref="WebhookMessage"/>.</summary>
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
    DateTimeOffset? Resolved = null,
    IReadOnlyList<AffectedSystem>? Members = null);
