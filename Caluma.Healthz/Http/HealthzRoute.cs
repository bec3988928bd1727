namespace Caluma.Healthz.Http;

/// <summary>One route of the surface, for front doors, documents and tests.</summary>
/// <param name="Path">Without the leading slash.</param>
/// <param name="Methods">The allowed HTTP methods.</param>
/// <param name="NeedsKey">Whether a front door asks for a key.</param>
/// <param name="Handler">Answers a request.</param>
internal sealed record HealthzRoute(
    string Path,
    IReadOnlyList<string> Methods,
    bool NeedsKey,
    Func<HealthzSurface, HealthzRequest, CancellationToken, Task<HealthzResponse>> Handler);
