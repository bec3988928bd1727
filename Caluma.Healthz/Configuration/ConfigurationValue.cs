namespace Caluma.Healthz.Configuration;

/// <summary>A configured value, for people.</summary>
/// <param name="Name">Its name, such as <c>database default</c> or <c>timeout</c>.</param>
/// <param name="Value">Its value, without secrets.</param>
/// <param name="Source">The settings that set it, or <c>default</c>.</param>
internal sealed record ConfigurationValue(string Name, string Value, string Source);
