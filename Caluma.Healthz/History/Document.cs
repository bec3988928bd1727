using Azure;

namespace Caluma.Healthz.History;

/// <summary>A JSON document from the storage.</summary>
/// <param name="Value">Its content; null where the document does not exist or is broken.</param>
/// <param name="ETag">The version to overwrite; null where the document does not exist, <see cref="ETag.All"/> where the version is
/// unknown.</param>
internal readonly record struct Document<T>(T? Value, ETag? ETag)
    where T : class;
