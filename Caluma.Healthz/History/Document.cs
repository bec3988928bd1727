using Azure;

namespace Caluma.Healthz.History;

/// <summary>A blob that holds one JSON document.</summary>
/// <param name="Value">What it holds; null where there is none, or where it cannot be read.</param>
/// <param name="ETag">Its version; null where there is none.</param>
internal readonly record struct Document<T>(T? Value, ETag? ETag)
    where T : class
{
    /// <summary>Whether there is one that cannot be read.</summary>
    public bool IsBroken => Value is null && ETag is not null;
}
