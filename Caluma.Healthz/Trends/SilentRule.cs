namespace Caluma.Healthz.Trends;

/// <summary>A rule that cannot trigger on a schedule and an objective.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">The reason, as the end of a sentence.</param>
internal sealed record SilentRule(AlertRule Rule, string Reason);
