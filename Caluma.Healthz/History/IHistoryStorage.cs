using Azure;

namespace Caluma.Healthz.History;

/// <summary>
/// The storage of the history: logs that are only appended to, documents that are replaced as a whole, and locks. Names are paths with
/// slashes, such as <c>records/2026/11/22.jsonl</c>. <see cref="HistoryFailure"/> classifies the exceptions of all implementations.
/// </summary>
internal interface IHistoryStorage
{
    /// <summary>The number of requests so far that cost money; 0 where requests are free.</summary>
    long Calls { get; }

    /// <summary>Whether the container or folder exists. The first append creates it.</summary>
    Task<bool> ExistsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Appends lines to a log, all or none, and creates the log where it does not exist. Concurrent appends lose nothing.
    /// </summary>
    /// <returns>
    /// The byte of the log at which they begin; null where this log is full or refuses appends, so that another one must be
    /// tried.
    /// </returns>
    /// <remarks>After an exception the lines may have been appended or not. They may also land twice.</remarks>
    Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    /// <summary>Opens a log for reading.</summary>
    /// <param name="name">The log.</param>
    /// <param name="start">The first byte to read; at the end of the log the stream is empty.</param>
    /// <param name="end">The byte before which to stop; null for the end of the log.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null where the log does not exist.</returns>
    Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken);

    /// <summary>Reads a document; null where it does not exist.</summary>
    Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads a document of which the reader has a version; null where it does not exist.</summary>
    /// <param name="name">The document.</param>
    /// <param name="known">That version. Where the document still has it, its content may be left out.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task<StoredDocument?> ReadAgainAsync(string name, ETag known, CancellationToken cancellationToken) =>
        ReadAsync(name, cancellationToken);

    /// <summary>Replaces a document as a whole.</summary>
    /// <param name="name">The document.</param>
    /// <param name="content">Its content.</param>
    /// <param name="over">The version to replace; null where the document must not exist; <see cref="ETag.All"/> for any version.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The new version; null where the document has another version.</returns>
    Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken);

    /// <summary>
    /// All logs and documents whose names start with <paramref name="prefix"/>, by name; none where there is no container or folder.
    /// </summary>
    IAsyncEnumerable<StoredItem> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a log or document if it exists.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes a lock, or renews it.</summary>
    /// <param name="name">The name of the lock, which is listed with the documents.</param>
    /// <param name="holder">The id of the holder, a <see cref="Guid"/>.</param>
    /// <param name="duration">After which time it expires if the holder does not renew it, from 15 s to 60 s.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>False where another process holds it.</returns>
    Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Releases the lock if <paramref name="holder"/> holds it.</summary>
    Task UnlockAsync(string name, string holder, CancellationToken cancellationToken);
}
