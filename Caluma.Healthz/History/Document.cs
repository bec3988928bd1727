using Azure;

namespace Caluma.Healthz.History;

/// <summary>A JSON document that was read.</summary>
/// <param name="Value">What it holds; null where there is none, or where it is broken.</param>
/// <param name="ETag">The version to write over; null where there is none, any where it cannot be told.</param>
internal readonly record struct Document<T>(T? Value, ETag? ETag)
    where T : class;
