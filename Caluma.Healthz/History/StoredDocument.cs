using Azure;

namespace Caluma.Healthz.History;

/// <summary>The stored bytes of a document.</summary>
/// <param name="Content">Its content.</param>
/// <param name="Version">The version of that content.</param>
internal sealed record StoredDocument(BinaryData Content, ETag Version)
{
    /// <summary>
    /// The maximum length in bytes. A longer document is none of ours and reads as empty: 32 days of 1,000 targets, by hours, take 46 MB.
    /// </summary>
    public const int MaxLength = 256 * 1024 * 1024;
}
