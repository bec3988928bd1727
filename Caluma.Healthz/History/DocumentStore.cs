using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>Reads and writes the JSON documents beside the log. Each can be computed from the log again.</summary>
internal sealed class DocumentStore(IHistoryStorage storage, ILogger<DocumentStore> logger)
{
    private const int MaxParallelReads = 16;

    private readonly ConcurrentDictionary<string, bool> _toldUnreadable = [];

    /// <summary>How several documents are read: up to 16 at a time.</summary>
    public static ParallelOptions InParallel(CancellationToken cancellationToken) => new()
    {
        MaxDegreeOfParallelism = MaxParallelReads,
        CancellationToken = cancellationToken,
        TaskScheduler = TaskScheduler.Current, // The caller's, as with any await; the default is the thread pool's.
    };

    /// <summary>
    /// The days from <paramref name="from"/> to <paramref name="to"/> that have a rollup, each with the rollup's
    /// version.
    /// </summary>
    public async Task<SortedDictionary<DateOnly, string>> RollupVersionsAsync(
        DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var versions = new SortedDictionary<DateOnly, string>();
        await foreach (var (day, item) in HistoryNames.DaysAsync(storage, HistoryNames.Rollups, from, to, cancellationToken))
        {
            versions[day] = item.Version;
        }

        return versions;
    }

    /// <summary>
    /// Reads a document. A document that the storage refuses, such as an archived one, counts as broken, like one that cannot be parsed.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">The type of its content.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="refusals">
    /// Gets the exception of a document that is refused (403), which then counts as broken; null to throw it. Pages pass a bag, so that the
    /// other documents can still be read. A writer must pass null, because it would overwrite the refused document.
    /// </param>
    /// <param name="known">An earlier result. Where the document still has its version, it is neither sent nor parsed again.</param>
    public async Task<Document<T>> ReadAsync<T>(
        string name,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken,
        ConcurrentBag<Exception>? refusals = null,
        Document<T> known = default)
        where T : class
    {
        try
        {
            var read = known is { Value: not null, ETag: { } version }
                ? storage.ReadAgainAsync(name, version, cancellationToken)
                : storage.ReadAsync(name, cancellationToken);
            return await read is not { } stored ? default
                : known.Value is not null && stored.Version == known.ETag ? known
                : new Document<T>(Parse(stored.Content, type), stored.Version);
        }
        catch (Exception exception)
            when (HistoryFailure.IsOfSingleItem(exception) || (refusals is not null && HistoryFailure.IsRefusal(exception)))
        {
            if (HistoryFailure.IsRefusal(exception))
            {
                refusals?.Add(exception);
            }

            if (_toldUnreadable.TryAdd(name, true))
            {
                HistoryLog.ItemUnreadable(logger, HistoryFailure.ReasonFor(exception).Code(), name);
            }

            return new Document<T>(null, ETag.All);
        }
    }

    /// <summary>Writes a document.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its content.</param>
    /// <param name="type">The type of its content.</param>
    /// <param name="over">The version to replace; null where the document must not exist; <see cref="ETag.All"/> for any version.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The new version; null where another process has written the document meanwhile.</returns>
    public Task<ETag?> WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, ETag? over, CancellationToken cancellationToken) =>
        storage.WriteAsync(name, new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value, type)), over, cancellationToken);

    private static T? Parse<T>(BinaryData content, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return typeof(T) != typeof(SummaryDocument) && HasNullElement(content.ToMemory().Span) ? null
                : JsonSerializer.Deserialize(content, type);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// Whether a list holds a null. The serializer keeps it, also where the elements are never null:
    /// https://learn.microsoft.com/dotnet/standard/serialization/system-text-json/nullable-annotations#limitations. Only a summary has such
    /// lists, of hours without a run.
    /// </summary>
    private static bool HasNullElement(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        for (var before = JsonTokenType.None; reader.Read(); before = reader.TokenType)
        {
            if (reader.TokenType == JsonTokenType.Null && before != JsonTokenType.PropertyName)
            {
                return true;
            }
        }

        return false;
    }
}
