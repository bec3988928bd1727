using System.Text.Json.Serialization.Metadata;
using Azure;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>
/// A document that is kept up to date with the log by compare-and-swap: it is read once, what is new in the log is taken in, and it is
/// written over the version that was read. Where another process has written it meanwhile, it is read again.
/// </summary>
/// <param name="reader">Reads the log.</param>
/// <param name="documents">Where it is kept.</param>
/// <param name="name">Its name.</param>
/// <param name="type">How it is written.</param>
internal abstract class FoldedDocument<T>(RecordReader reader, DocumentStore documents, string name, JsonTypeInfo<T> type)
    where T : class, ILogFold
{
    private const int MaxAttempts = 5;

    private ETag? _version;

    /// <summary>What it holds, with all that was taken in since it was read or written; null before it was read.</summary>
    public T? Value { get; private set; }

    /// <summary>Whether another process has written it since.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Reads it, where that was not done before or another process has written it since.</summary>
    /// <param name="next">What is to be taken in next.</param>
    /// <param name="cancellationToken">Stops it, and leaves all as it was.</param>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> LoadAsync(LogPosition next, CancellationToken cancellationToken)
    {
        if (Value is null || IsStale)
        {
            var written = await documents.ReadAsync(name, type, cancellationToken);
            (Value, _version, IsStale) = (await AcceptAsync(written, next, cancellationToken), written.ETag, false);
        }

        return _version is not null;
    }

    /// <summary>Takes in what was appended, and what others have appended before it.</summary>
    /// <param name="appended">What was appended just now, at least one block.</param>
    /// <param name="cancellationToken">Stops it. What was taken in stays so, and is written with what is appended next.</param>
    public Task<FoldOutcome> FoldAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken) =>
        FoldAsync(appended, appended[0].Start, cancellationToken);

    /// <summary>Takes in the rest of a day that has ended, and is written only where there was any.</summary>
    public Task<FoldOutcome> CompleteAsync(DateOnly day, CancellationToken cancellationToken) =>
        FoldAsync([], LogPosition.StartOf(day), cancellationToken);

    /// <summary>Lets it be read again before it is used.</summary>
    public void MarkStale() => IsStale = true;

    /// <summary>What to go on from, after it was read.</summary>
    protected abstract Task<T> AcceptAsync(Document<T> written, LogPosition next, CancellationToken cancellationToken);

    /// <summary>Where to read on from.</summary>
    protected virtual LogPosition From(T value, LogPosition next) => value.Position;

    /// <summary>Takes a record in that may have been taken in before.</summary>
    /// <returns>Whether it was new.</returns>
    protected abstract bool Fold(T value, RunRecord record);

    /// <summary>Called before it is written.</summary>
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
                // Who has written it has taken ours in, too.
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
            // A part that was broken for a while may have got records after the next one had.
            return reader.ReadRestOfDayAsync(position.Part == 0 ? position : LogPosition.StartOf(position.Day), cancellationToken);
        }

        // Of many writers one that takes in what the others have appended spares them to try again.
        var records = reader.ReadNewAsync(position, appended, cancellationToken);
        return toEnd ? records.Concat(reader.ReadRestOfDayAsync(last.End, cancellationToken)) : records;
    }
}
