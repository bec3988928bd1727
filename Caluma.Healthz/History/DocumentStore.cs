using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>The documents beside the log: JSON that is made from it, and can be made anew.</summary>
internal sealed class DocumentStore(IHistoryStorage storage, ILogger<DocumentStore> logger)
{
    /// <summary>How many documents are read at once where there are many, so that a year is not read one by one.</summary>
    public const int MaxParallelReads = 16;

    private readonly ConcurrentDictionary<string, bool> _toldUnreadable = [];

    /// <summary>The days from <paramref name="from"/> to <paramref name="to"/> that have a rollup, each with its version.</summary>
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
    /// Reads a document. One that the storage does not hand out, such as an archived one, is broken as one that cannot be parsed.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<Document<T>> ReadAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await storage.ReadAsync(name, cancellationToken) is { } stored
                ? new Document<T>(Parse(stored.Content, type), stored.Version)
                : default;
        }
        catch (Exception exception) when (HistoryFailure.IsOfOneItem(exception))
        {
            if (_toldUnreadable.TryAdd(name, true))
            {
                HistoryLog.ItemUnreadable(logger, HistoryFailure.ReasonFor(exception).Code(), name);
            }

            return new Document<T>(null, ETag.All);
        }
    }

    /// <summary>Writes a document.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">What it is to hold.</param>
    /// <param name="type">The type of that.</param>
    /// <param name="over">The version it replaces; null where there is to be none. Any, where it is <see cref="ETag.All"/>.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Its new version; null where somebody else has written it meanwhile.</returns>
    public Task<ETag?> WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, ETag? over, CancellationToken cancellationToken) =>
        storage.WriteAsync(name, new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value, type)), over, cancellationToken);

    private static T? Parse<T>(BinaryData content, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
