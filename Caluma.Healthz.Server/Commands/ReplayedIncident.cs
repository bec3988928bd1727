using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>An incident in a <see cref="ReplayReport"/>.</summary>
internal sealed record ReplayedIncident(
    string Id,
    string Target,
    CheckSet Checks,
    Reason? Reason,
    Severity Severity,
    DateTimeOffset Started,
    DateTimeOffset Opened,
    DateTimeOffset? Resolved,
    int Notifications);
