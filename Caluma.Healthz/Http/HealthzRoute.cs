namespace Caluma.Healthz.Http;

/// <summary>One route of the surface, for front doors, documents and tests.</summary>
internal sealed class HealthzRoute
{
    internal HealthzRoute(
        string path,
        IReadOnlyList<string> methods,
        bool needsKey,
        Func<HealthzSurface, HealthzRequest, CancellationToken, Task<HealthzResponse>> handler)
    {
        Path = path;
        Methods = methods;
        NeedsKey = needsKey;
        Handler = handler;
    }

    /// <summary>Without the leading slash.</summary>
    public string Path { get; }

    /// <summary>The allowed HTTP methods.</summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>Whether a front door asks for a key.</summary>
    public bool NeedsKey { get; }

    internal Func<HealthzSurface, HealthzRequest, CancellationToken, Task<HealthzResponse>> Handler { get; }
}
