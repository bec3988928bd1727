namespace Caluma.Healthz.Tests.Infra;

/// <summary>A mistake that somebody may make.</summary>
/// <param name="Name">What kind of mistake it is.</param>
/// <param name="File">Where it is made.</param>
/// <param name="Text">What is there.</param>
/// <param name="Replacement">What is written there instead.</param>
/// <param name="Code">The rule that it breaks.</param>
internal sealed record BicepMistake(string Name, string File, string Text, string Replacement, string Code);
