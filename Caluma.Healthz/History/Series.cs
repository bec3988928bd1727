namespace Caluma.Healthz.History;

/// <summary>One check on one target, over time.</summary>
/// <param name="Check">The check.</param>
/// <param name="Target">The alias of the database or cache; <c>default</c> for the media storage.</param>
internal readonly record struct Series(Check Check, string Target);
