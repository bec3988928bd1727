using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>
/// The container of the history: <c>records/yyyy/MM/dd.jsonl</c>, an append blob a day, and JSON documents beside it. The rights it needs
/// on the container: Storage Blob Data Contributor.
/// </summary>
internal sealed class HistoryStore
{
    /// <summary>More than any day needs (a part takes 50,000 blocks): a bound for a storage that refuses every append.</summary>
    private const int MostParts = 100;

    private const int MostBlockSize = 2 * 1024 * 1024;

    /// <summary>A record of 1,000 targets takes 100 KB.</summary>
    private const int LongestLine = 1024 * 1024;

    private const string Records = "records/";
    private const string Rollups = "rollups/";

    private readonly BlobContainerClient _container;
    private readonly CallCounter _counter = new();
    private readonly ILogger<HistoryStore> _logger;
    private readonly ConcurrentDictionary<string, bool> _toldUnreadable = [];

    /// <summary>The part of a day that took the last append.</summary>
    private (DateOnly Day, int Part) _current;

    public HistoryStore(BlobStorageOptions storage, TokenCredential identity, ILogger<HistoryStore> logger)
    {
        var client = new BlobClientOptions
        {
            // A retried append may land twice; readers drop the second.
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromSeconds(0.3), MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(5) },
        };
        client.AddPolicy(_counter, HttpPipelinePosition.PerRetry);
        _container = storage.Open(client, identity);
        _logger = logger;
    }

    /// <summary>How many requests were made so far.</summary>
    public long Calls => _counter.Calls;

    /// <summary>Appends records to the log of their day, in one block.</summary>
    /// <param name="records">Of which the first ones are taken: those of one day, as many as fit.</param>
    /// <param name="cancellationToken">Stops it. Whether they were appended is not known then, nor after any other exception.</param>
    public async Task<AppendedBlock> AppendAsync(IEnumerable<RunRecord> records, CancellationToken cancellationToken)
    {
        var (block, lines) = Block(records);
        var day = block[0].Day;
        for (var part = _current.Day == day ? _current.Part : 0; part < MostParts; part++)
        {
            try
            {
                var offset = await AppendAsync(Part(day, part), lines, cancellationToken);
                _current = (day, part);
                return new AppendedBlock(new LogPosition(day, part, offset), new LogPosition(day, part, offset + lines.Length), block);
            }
            catch (RequestFailedException exception) when (TakesNoMore(exception))
            {
                // The next part will.
            }
        }

        throw new InvalidOperationException("Every part of the log refuses to be appended to.");
    }

    /// <summary>The records that a reader at <paramref name="position"/> has not read, up to the end of what was appended just now.</summary>
    public async IAsyncEnumerable<RunRecord> ReadNewAsync(
        LogPosition position, IReadOnlyList<AppendedBlock> appended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var block in appended)
        {
            // A part that was broken for a while, and takes records again, may hold others that came after the next part had been read.
            var from = position.Day == block.Start.Day && position.Part > block.Start.Part ? position with { Part = block.Start.Part, Offset = 0 } : position;
            if (from < block.Start)
            {
                await foreach (var record in ReadAsync(from, block.Start, cancellationToken))
                {
                    yield return record;
                }
            }

            foreach (var record in block.Records)
            {
                yield return record;
            }

            position = block.End;
        }
    }

    /// <summary>All records between two places of the log, in the order of the log. One that landed twice is there twice.</summary>
    public async IAsyncEnumerable<RunRecord> ReadAsync(
        LogPosition from, LogPosition to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = from.Day; day <= to.Day; day = day.AddDays(1))
        {
            for (var part = day == from.Day ? from.Part : 0; day < to.Day || part <= to.Part; part++)
            {
                var here = new LogPosition(day, part, 0);
                var start = here < from ? from.Offset : 0;
                var end = (day, part) == (to.Day, to.Part) ? to.Offset : (long?)null;
                var blob = Part(day, part);
                await using var content = await OpenAsync(blob, start, end, cancellationToken);
                if (content is null)
                {
                    break;
                }

                await foreach (var record in ReadAsync(content, blob.Name, cancellationToken))
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>All records from <paramref name="position"/> to the end of its day.</summary>
    public IAsyncEnumerable<RunRecord> ReadDayAsync(LogPosition position, CancellationToken cancellationToken) =>
        ReadAsync(position, new LogPosition(position.Day, MostParts, 0), cancellationToken);

    /// <summary>All records of a day, each once.</summary>
    public async IAsyncEnumerable<RunRecord> ReadDayAsync(DateOnly day, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = new TickSet();
        await foreach (var record in ReadDayAsync(LogPosition.StartOf(day), cancellationToken))
        {
            if (record.Day == day && seen.Add(record))
            {
                yield return record;
            }
        }
    }

    /// <summary>All records of these days whose tick is in a range, each once.</summary>
    public async IAsyncEnumerable<RunRecord> ReadRangeAsync(
        IEnumerable<DateOnly> days, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var day in days)
        {
            await foreach (var record in ReadDayAsync(day, cancellationToken))
            {
                if (record.Tick >= from && record.Tick < to)
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>How many bytes the log of each day has, for the days from <paramref name="from"/> to <paramref name="to"/> that have one.</summary>
    public Task<SortedDictionary<DateOnly, long>> RecordedDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        DaysAsync(Records, from, to, cancellationToken);

    /// <summary>The days from <paramref name="from"/> to <paramref name="to"/> that have a rollup.</summary>
    public async Task<IReadOnlyCollection<DateOnly>> RolledUpDaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await DaysAsync(Rollups, from, to, cancellationToken)).Keys;

    public static string Rollup(DateOnly day) => $"{Rollups}{Path(day)}.json";

    /// <summary>Reads a document.</summary>
    /// <param name="name">The name of its blob.</param>
    /// <param name="type">What it holds.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<Document<T>> ReadAsync<T>(string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var blob = await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return new Document<T>(Parse(blob.Value.Content, type), blob.Value.Details.ETag);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return default;
        }
    }

    /// <summary>Writes a document.</summary>
    /// <param name="name">The name of its blob.</param>
    /// <param name="value">What it is to hold.</param>
    /// <param name="type">The type of that.</param>
    /// <param name="over">The version it replaces; null where there is to be none. Any, where it is <see cref="ETag.All"/>.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Its new version; null where somebody else has written it meanwhile.</returns>
    public async Task<ETag?> WriteAsync<T>(string name, T value, JsonTypeInfo<T> type, ETag? over, CancellationToken cancellationToken)
    {
        var conditions = new BlobRequestConditions();
        if (over is null)
        {
            conditions.IfNoneMatch = ETag.All;
        }
        else if (over != ETag.All)
        {
            conditions.IfMatch = over;
        }

        var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(value, type));
        try
        {
            var options = new BlobUploadOptions { Conditions = conditions, HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
            return (await _container.GetBlobClient(name).UploadAsync(content, options, cancellationToken)).Value.ETag;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ConditionNotMet || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return null;
        }
    }

    /// <summary>Deletes what is older than it is to be kept.</summary>
    /// <param name="records">The first day whose records stay.</param>
    /// <param name="rollups">The first day whose rollup stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="RequestFailedException">One could not be deleted. All others were.</exception>
    public async Task DeleteBeforeAsync(DateOnly records, DateOnly rollups, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? refusal = null;
        foreach (var (prefix, first) in new[] { (Records, records), (Rollups, rollups) })
        {
            // Names sort by time, and the oldest come first.
            await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken))
            {
                if (DayOf(blob.Name, prefix) is not { } day)
                {
                    continue;
                }

                if (day >= first)
                {
                    break;
                }

                try
                {
                    await _container.GetBlobClient(blob.Name).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
                }
                catch (RequestFailedException exception) when (exception.Status is 409 or 412)
                {
                    // Somebody holds a lease on it, or a law: a matter of this blob alone.
                    refusal = ExceptionDispatchInfo.Capture(exception);
                }
            }
        }

        refusal?.Throw();
    }

    /// <summary>Deletes all there is, but for what somebody holds: a recorder's lock outlives it for up to a minute.</summary>
    public async Task DeleteAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions(), cancellationToken))
            {
                await DeleteAsync(blob.Name);
            }
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            // Nothing there.
        }

        async Task DeleteAsync(string name)
        {
            try
            {
                await _container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseIdMissing)
            {
                // It stays.
            }
        }
    }

    /// <summary>A client for a blob of this container, for what is no document.</summary>
    public BlobLeaseClient Lease(string name, string leaseId) => _container.GetBlobClient(name).GetBlobLeaseClient(leaseId);

    /// <summary>Creates an empty blob, where there is none of this name, and the container, where it is missing.</summary>
    public async Task EnsureAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await CreateAsync(() => _container.GetBlobClient(name).UploadAsync(
                new BinaryData(Array.Empty<byte>()),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } },
                cancellationToken));
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await CreateAsync(() => _container.CreateAsync(cancellationToken: cancellationToken));
            await EnsureAsync(name, cancellationToken);
        }
    }

    private static (List<RunRecord> Records, byte[] Lines) Block(IEnumerable<RunRecord> records)
    {
        var (block, lines) = (new List<RunRecord>(), new List<byte>());
        foreach (var record in records)
        {
            var line = RecordLine.Write(record);
            if (block.Count > 0 && (record.Day != block[0].Day || lines.Count + line.Length > MostBlockSize))
            {
                break;
            }

            block.Add(record);
            lines.AddRange(line);
        }

        return (block, [.. lines]);
    }

    private static string Path(DateOnly day) => day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string name, string prefix) =>
        name.Length >= prefix.Length + 10
        && DateOnly.TryParseExact(name.AsSpan(prefix.Length, 10), "yyyy'/'MM'/'dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    private static bool TakesNoMore(RequestFailedException exception) =>
        exception.Status is 409 or 412 or 413 && exception.ErrorCode is { } code
        && (code == BlobErrorCode.BlockCountExceedsLimit || code == BlobErrorCode.InvalidBlobType || code == BlobErrorCode.RequestBodyTooLarge
            || code == BlobErrorCode.LeaseIdMissing || code == BlobErrorCode.BlobArchived || code == BlobErrorCode.BlobBeingRehydrated
            || code is "BlobIsSealed" or "BlobImmutableDueToPolicy" or "BlobImmutableDueToLegalHold" or "MaxBlobSizeConditionNotMet");

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

    /// <summary>Runs a creation that others may run at the same time: 409 and 412 both mean that it is there.</summary>
    private static async Task CreateAsync<T>(Func<Task<T>> create)
    {
        try
        {
            await create();
        }
        catch (RequestFailedException exception) when (exception.Status == 412
            || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || exception.ErrorCode == BlobErrorCode.ContainerAlreadyExists)
        {
            // Somebody was faster.
        }
    }

    private AppendBlobClient Part(DateOnly day, int part) => _container.GetAppendBlobClient(
        string.Create(CultureInfo.InvariantCulture, $"{Records}{Path(day)}{(part == 0 ? "" : $".{part}")}.jsonl"));

    private async Task<long> AppendAsync(AppendBlobClient blob, byte[] lines, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var content = new MemoryStream(lines, writable: false);
                var appended = await blob.AppendBlockAsync(content, cancellationToken: cancellationToken);
                return long.Parse(appended.Value.BlobAppendOffset, CultureInfo.InvariantCulture);
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && attempt < 2)
            {
                if (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
                {
                    await CreateAsync(() => _container.CreateAsync(cancellationToken: cancellationToken));
                }

                var options = new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };
                await CreateAsync(() => blob.CreateAsync(options, cancellationToken));
            }
        }
    }

    /// <summary>What a part of the log holds from one byte to another; null where there is no such part.</summary>
    private static async Task<Stream?> OpenAsync(AppendBlobClient blob, long start, long? end, CancellationToken cancellationToken)
    {
        if (start >= end)
        {
            return Stream.Null;
        }

        try
        {
            var range = new BlobDownloadOptions { Range = new HttpRange(start, end - start) };
            return (await blob.DownloadStreamingAsync(range, cancellationToken)).Value.Content;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 416)
        {
            // It ends where the range starts.
            return Stream.Null;
        }
    }

    private async IAsyncEnumerable<RunRecord> ReadAsync(Stream content, string blob, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var unreadable = 0;
        var isWhole = true;
        var reader = PipeReader.Create(content);
        for (var ended = false; !ended;)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            ended = read.IsCompleted;
            while (NextLine(ref buffer, ended, out var isEnd) is { } line)
            {
                var record = RecordLine.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), out var intact);
                unreadable += intact || !isWhole ? 0 : 1;
                isWhole = isEnd;
                if (record is not null)
                {
                    yield return record;
                }
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
        if (unreadable > 0 && _toldUnreadable.TryAdd(blob, true))
        {
            HistoryLog.Unreadable(_logger, unreadable, blob);
        }
    }

    /// <summary>Takes the next line off a buffer; at the end of it all the rest, and of one that is too long what can hold no record.</summary>
    private static ReadOnlySequence<byte>? NextLine(ref ReadOnlySequence<byte> buffer, bool ended, out bool isEnd)
    {
        var end = buffer.PositionOf((byte)'\n');
        isEnd = end is not null || ended;
        if (end is { } found)
        {
            var line = buffer.Slice(0, found);
            buffer = buffer.Slice(buffer.GetPosition(1, found));
            return line;
        }

        if (buffer.IsEmpty || (!ended && buffer.Length < LongestLine))
        {
            return null;
        }

        var rest = buffer.Slice(0, ended ? buffer.Length : RecordLine.LastStart(buffer.ToArray()));
        buffer = buffer.Slice(rest.End);
        return rest;
    }

    private async Task<SortedDictionary<DateOnly, long>> DaysAsync(string prefix, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, long>();
        foreach (var period in Periods(from, to))
        {
            try
            {
                await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix + period }, cancellationToken))
                {
                    if (DayOf(blob.Name, prefix) is { } day && day >= from && day <= to)
                    {
                        days[day] = days.GetValueOrDefault(day) + (blob.Properties.ContentLength ?? 0);
                    }
                }
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return days;
            }
        }

        return days;
    }

    /// <summary>What the names of these days start with: the few months they are in, or the years.</summary>
    private static IEnumerable<string> Periods(DateOnly from, DateOnly to)
    {
        const int Few = 62;
        var format = to.DayNumber - from.DayNumber < Few ? "yyyy'/'MM'/'" : "yyyy'/'";
        return Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1)
            .Select(day => DateOnly.FromDayNumber(day).ToString(format, CultureInfo.InvariantCulture))
            .Distinct();
    }
}
