namespace Caluma.Healthz.Tests.Infra;

/// <summary>A mistake in a Bicep file.</summary>
/// <param name="Name">The kind of the mistake.</param>
/// <param name="File">The file.</param>
/// <param name="Text">The original text.</param>
/// <param name="Replacement">The text with the mistake.</param>
/// <param name="Code">The code of the expected diagnostic.</param>
internal sealed record BicepMistake(string Name, string File, string Text, string Replacement, string Code);
