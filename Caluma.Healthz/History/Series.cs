namespace Caluma.Healthz.History;

/// <summary>What has a history of its own: one check on one target.</summary>
/// <param name="Check">What is checked.</param>
/// <param name="Target">The alias of the database or cache; <c>default</c> for the media storage.</param>
internal readonly record struct Series(Check Check, string Target);
