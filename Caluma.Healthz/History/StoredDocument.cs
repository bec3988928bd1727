using Azure;

namespace Caluma.Healthz.History;

/// <summary>The stored bytes of a document.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Version">The version of that content.</param>
internal sealed record StoredDocument(BinaryData Content, ETag Version);
