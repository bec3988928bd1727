using Azure;

namespace Caluma.Healthz.History;

/// <summary>
/// Where the history is kept: logs that are only appended to, documents that are replaced as a whole, and one lock. Names are paths with
/// slashes, such as <c>records/2026/11/22.jsonl</c>. Whatever an implementation throws, <see cref="HistoryFailure"/> knows its reason.
/// </summary>
internal interface IHistoryStorage
{
    /// <summary>How many requests were made so far, each of which is paid for; always 0 where none is.</summary>
    long Calls { get; }

    /// <summary>Whether the container or folder is there. It is created by the first append.</summary>
    Task<bool> ExistsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Appends lines to a log, all or none, and creates the log where there is none. Appends at the same time lose nothing.
    /// </summary>
    /// <returns>Where in the log they begin; null where this log takes no more, and another may.</returns>
    /// <remarks>After any exception it is not known whether they were appended; and they may have been appended twice.</remarks>
    Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken);

    /// <summary>Opens a log for reading.</summary>
    /// <param name="name">The log.</param>
    /// <param name="start">The first byte. A log that ends there is empty.</param>
    /// <param name="end">The first byte that is not read; null for all.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Null where there is no such log.</returns>
    Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken);

    /// <summary>Reads a document; null where there is none.</summary>
    Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>Replaces a document as a whole.</summary>
    /// <param name="name">The document.</param>
    /// <param name="content">What it is to hold.</param>
    /// <param name="over">The version it replaces; null where there is to be none; any, where it is <see cref="ETag.All"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Its new version; null where it is another version that is there, or none.</returns>
    Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken);

    /// <summary>
    /// All logs and documents whose names start with <paramref name="prefix"/>, by name; none where there is no container or folder.
    /// </summary>
    IAsyncEnumerable<StoredItem> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes a log or document, where it is there.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Takes the lock, or keeps it.</summary>
    /// <param name="name">The name of the lock, which is listed with the documents.</param>
    /// <param name="holder">Who asks, a <see cref="Guid"/>.</param>
    /// <param name="duration">How long it is held at the longest where the holder ends without a word, from 15 s to 60 s.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>False where another holds it.</returns>
    Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives the lock up, where <paramref name="holder"/> holds it.</summary>
    Task UnlockAsync(string name, string holder, CancellationToken cancellationToken);
}
