namespace Caluma.Healthz.Trends;

/// <summary>A rule on the error budget.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Hold">How long it must burn less than half as fast before the alert resolves.</param>
/// <param name="Windows">It triggers where any of these burn.</param>
internal sealed record BurnRule(AlertRule Rule, TimeSpan Hold, IReadOnlyList<BurnWindows> Windows);
