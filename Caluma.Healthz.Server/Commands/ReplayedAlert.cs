using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>An alert in a <see cref="ReplayReport"/>.</summary>
internal sealed record ReplayedAlert(
    AlertRule Rule, Check? Check, string? Target, Severity Severity,
    DateTimeOffset Since, DateTimeOffset Triggered, DateTimeOffset? Resolved);
