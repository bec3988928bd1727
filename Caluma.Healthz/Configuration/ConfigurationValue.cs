namespace Caluma.Healthz.Configuration;

/// <summary>Something that is configured, for people to look at.</summary>
/// <param name="Name">What it is, such as <c>database default</c> or <c>timeout</c>.</param>
/// <param name="Value">Its value, without secrets.</param>
/// <param name="Source">The settings it came from, or <c>default</c>.</param>
internal sealed record ConfigurationValue(string Name, string Value, string Source);
