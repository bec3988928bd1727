namespace Caluma.Healthz.Trends;

/// <summary>A rule on the error budget.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Hold">How long the burn rate must stay below half of its factor before the alert resolves.</param>
/// <param name="Windows">The pairs of windows, of which one triggers the rule.</param>
internal sealed record BurnRule(AlertRule Rule, TimeSpan Hold, IReadOnlyList<BurnWindows> Windows);
