using System.Text.Json.Serialization.Metadata;
using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps a document up to date with the log by compare-and-swap: it reads the document once, adds new records, and overwrites the version
/// that was read. Where another process has written the document meanwhile, it is read again.
/// </summary>
/// <param name="reader">Reads the log.</param>
/// <param name="documents">Stores the document.</param>
/// <param name="name">Its name.</param>
/// <param name="type">The type of its content.</param>
internal abstract class FoldedDocument<T>(RecordReader reader, DocumentStore documents, string name, JsonTypeInfo<T> type)
    where T : class, ILogFold
{
    private const int MaxAttempts = 5;

    private ETag? _version;

    /// <summary>The content, including records that are not written yet; null before the document was read.</summary>
    public T? Value { get; private set; }

    /// <summary>Whether another process has written the document since.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Reads the document, the first time and after another process has written it.</summary>
    /// <param name="next">The place of the next record to add.</param>
    /// <param name="cancellationToken">Cancels the operation, which then has no effect.</param>
    /// <returns>Whether the document exists.</returns>
    public async Task<bool> LoadAsync(LogPosition next, CancellationToken cancellationToken)
    {
        if (Value is null || IsStale)
        {
            var written = await documents.ReadAsync(name, type, cancellationToken);
            (Value, _version, IsStale) = (await AcceptAsync(written, next, cancellationToken), written.ETag, false);
        }

        return _version is not null;
    }

    /// <summary>Adds the appended records and those that other processes have appended before them.</summary>
    /// <param name="appended">The blocks that were just appended, at least one.</param>
    /// <param name="cancellationToken">Cancels the operation. Records that were added stay, and are written with the next ones.</param>
    public Task<FoldOutcome> FoldAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken) =>
        FoldAsync(appended, appended[0].Start, cancellationToken);

    /// <summary>Adds the rest of a day that has ended, and writes the document only where there was a rest.</summary>
    public Task<FoldOutcome> CompleteAsync(DateOnly day, CancellationToken cancellationToken) =>
        FoldAsync([], LogPosition.StartOf(day), cancellationToken);

    /// <summary>Makes the next operation read the document again.</summary>
    public void MarkStale() => IsStale = true;

    /// <summary>Chooses the content to continue from after the document was read.</summary>
    protected abstract Task<T> AcceptAsync(Document<T> written, LogPosition next, CancellationToken cancellationToken);

    /// <summary>The place of the log to continue at.</summary>
    protected virtual LogPosition From(T value, LogPosition next) => value.Position;

    /// <summary>Adds a record that may have been added before.</summary>
    /// <returns>Whether the record was new.</returns>
    protected abstract bool Fold(T value, RunRecord record);

    /// <summary>Called before the document is written.</summary>
    protected virtual void Prepare(T value)
    {
    }

    private async Task<FoldOutcome> FoldAsync(IReadOnlyList<AppendedBlock> appended, LogPosition next, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            await LoadAsync(next, cancellationToken);
            var value = Value!;
            if (attempt > 0 && appended.Count > 0 && appended.SelectMany(block => block.Records).All(value.Seen.Contains))
            {
                // The other writer has added our records, too.
                return FoldOutcome.UpToDate;
            }

            var isNew = false;
            await foreach (var record in Read(From(value, next), appended, toEnd: attempt > 0, cancellationToken))
            {
                isNew |= Fold(value, record);
            }

            if (appended is [.., var last])
            {
                value.Position = last.End;
            }
            else if (!isNew)
            {
                return FoldOutcome.UpToDate;
            }

            Prepare(value);
            if (await documents.WriteAsync(name, value, type, _version, cancellationToken) is { } version)
            {
                _version = version;
                return FoldOutcome.Written;
            }

            MarkStale();
        }

        return FoldOutcome.Outrun;
    }

    private IAsyncEnumerable<RunRecord> Read(
        LogPosition position, IReadOnlyList<AppendedBlock> appended, bool toEnd, CancellationToken cancellationToken)
    {
        if (appended is not [.., var last])
        {
            // A part that refused appends for a while may have got records after the next part.
            return reader.ReadRestOfDayAsync(position.Part == 0 ? position : LogPosition.StartOf(position.Day), cancellationToken);
        }

        // Reading what other writers have appended spares them another try.
        var records = reader.ReadNewAsync(position, appended, cancellationToken);
        return toEnd ? records.Concat(reader.ReadRestOfDayAsync(last.End, cancellationToken)) : records;
    }
}
