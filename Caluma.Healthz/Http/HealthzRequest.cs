namespace Caluma.Healthz.Http;

/// <summary>A request that has passed the key check of its front door.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, such as <c>/healthz/</c>.</param>
/// <param name="Query">The query string, with or without its question mark.</param>
/// <param name="Accept">The <c>Accept</c> header.</param>
public sealed record HealthzRequest(string Method, string Path, string Query, string Accept = "");
