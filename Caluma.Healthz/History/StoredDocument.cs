using Azure;

namespace Caluma.Healthz.History;

/// <summary>A document as it is stored.</summary>
/// <param name="Content">What it holds.</param>
/// <param name="Version">Which version that is.</param>
internal sealed record StoredDocument(BinaryData Content, ETag Version);
