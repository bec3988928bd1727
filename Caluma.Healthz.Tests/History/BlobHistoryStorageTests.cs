using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.History;

[Slow]
public sealed class BlobHistoryStorageTests(Services services) : IAsyncLifetime
{
    private const string Part0 = "records/2026/11/22.jsonl";
    private const string Part1 = "records/2026/11/22.1.jsonl";
    private const int BlockLimit = 2 * 1024 * 1024;

    private BlobPlace _place = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _place = await BlobPlace.CreateAsync(services);
    }

    public ValueTask DisposeAsync() => _place.DisposeAsync();

    [Fact]
    public async Task A_block_has_at_most_the_size_that_the_storage_takes()
    {
        var records = Enumerable.Range(0, 100).Select(minute => Records.At(Records.Noon.AddMinutes(minute), targets: 500)).ToList();
        var log = Log();

        for (var appended = 0; appended < records.Count;)
        {
            var block = await log.AppendAsync(records.Skip(appended), Cancel);
            Assert.InRange(block.End.Offset - block.Start.Offset, 1, BlockLimit);
            appended += block.Records.Count;
        }

        Assert.InRange(_place.Proxy.Requests.Count(request => request.IsAppend), 3, 5);
        Assert.Equal(records.Select(record => record.Name()), await NamesAsync(Reader().ReadDayAsync(Records.Day, Cancel)));
    }

    [Theory]
    [InlineData(409, "ContainerAlreadyExists", 409, "BlobAlreadyExists")]
    [InlineData(409, "ContainerAlreadyExists", 412, "ConditionNotMet")]
    public async Task An_append_succeeds_although_another_process_creates_the_log_first(
        int status, string code, int blobStatus, string blobCode)
    {
        await _place.Container.DeleteAsync(cancellationToken: Cancel);

        // Another process creates the log between the failed append and the creation.
        _place.Proxy.Fault = request => request switch
        {
            { Method: "PUT", Blob: "" } => StorageFault.Deny(status, code),
            _ when request.Writes(Part0) => StorageFault.Deny(blobStatus, blobCode),
            _ => null,
        };

        await Log().AppendAsync([Records.At(Records.Noon)], Cancel);

        Assert.Equal(["12:00 one"], await NamesAsync(Reader().ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_document_that_has_not_changed_is_not_sent_again()
    {
        const string name = "latest.json";
        var storage = _place.Open();
        await _place.PutAsync(name, "one");
        var one = (await storage.ReadAsync(name, Cancel))!.Version;
        Assert.Equal(("", one), TextOf(await storage.ReadAgainAsync(name, one, Cancel)));

        await _place.PutAsync(name, "two");
        var two = (await storage.ReadAsync(name, Cancel))!.Version;
        Assert.NotEqual(one, two);
        Assert.Equal(("two", two), TextOf(await storage.ReadAgainAsync(name, one, Cancel)));

        static (string Text, ETag Version) TextOf(StoredDocument? document) => (document!.Content.ToString(), document.Version);
    }

    [Fact]
    public async Task A_container_that_is_being_deleted_is_an_error()
    {
        await _place.Container.DeleteAsync(cancellationToken: Cancel);
        _place.Proxy.Fault = request => request is { Method: "PUT", Blob: "" } ? StorageFault.Refuse(409, "ContainerBeingDeleted") : null;

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Log().AppendAsync([Records.At(Records.Noon)], Cancel));

        Assert.Equal("ContainerBeingDeleted", failure.ErrorCode);
    }

    [Fact]
    public async Task An_append_with_a_lost_answer_lands_twice_and_is_read_once()
    {
        _place.Proxy.FaultOnce(request => request.IsAppend && _place.Proxy.Requests.Count > 2, StorageFault.LoseAnswer);

        var block = await Log().AppendAsync(Records.Minutes(2), Cancel);

        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(Reader().ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(4, (await _place.ReadAsync(Part0)).Count(character => character == '\n'));
        Assert.Equal(
            ["12:00 one", "12:01 one", "12:00 one", "12:01 one"],
            await NamesAsync(Reader().ReadBetweenAsync(LogPosition.StartOf(Records.Day), block.End, Cancel)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_answer_is_lost_is_known_again(bool isNew)
    {
        const string name = "alerts/state.json";
        var storage = _place.Open();
        var before = isNew ? null : await storage.WriteAsync(name, BinaryData.FromString("one"), null, Cancel);
        _place.Proxy.FaultOnce(request => request.Writes(name), StorageFault.LoseAnswer);

        var version = await storage.WriteAsync(name, BinaryData.FromString("two"), before, Cancel);

        Assert.Equal((await storage.ReadAsync(name, Cancel))!.Version, version);
        Assert.Equal("two", await _place.ReadAsync(name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_whose_answer_is_lost_is_refused_where_another_process_has_changed_the_document(bool isDeleted)
    {
        const string name = "alerts/state.json";
        var (storage, another) = (_place.Open(), _place.Open());
        var before = await storage.WriteAsync(name, BinaryData.FromString("one"), null, Cancel);
        var written = 0;
        _place.Proxy.Fault = request => !request.Writes(name) ? null : ++written switch
        {
            1 => StorageFault.LoseAnswer,
            2 => StorageFault.Delay(
                isDeleted ? _place.DeleteAsync(name) : another.WriteAsync(name, BinaryData.FromString("three"), ETag.All, Cancel)),
            _ => null,
        };

        Assert.Null(await storage.WriteAsync(name, BinaryData.FromString("two"), before, Cancel));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("a block blob")]
    [InlineData("a page blob")]
    [InlineData("sealed")]
    [InlineData("leased")]
    public async Task A_full_or_broken_blob_is_followed_by_the_next_part(string what)
    {
        var log = Log();
        var isForeign = what.StartsWith("a ", StringComparison.Ordinal);
        if (!isForeign)
        {
            await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        }

        await BreakAsync(Part0, what);
        var second = await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        var third = await Log().AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(new LogPosition(Records.Day, 1, 0), second.Start);
        Assert.Equal(second.End, third.Start);
        string[] before = isForeign ? [] : ["12:00 one"];
        Assert.Equal([.. before, "12:01 one", "12:02 one"], await NamesAsync(Reader().ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(Reader().ReadNewAsync(second.End, [third], Cancel)));
        Assert.Equal([.. before, "12:01 one", "12:02 one"],
            await NamesAsync(Reader().ReadNewAsync(LogPosition.StartOf(Records.Day), [third], Cancel)));

        // The part of the last append is tried first.
        _place.Proxy.Clear();
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(3))], Cancel);
        Assert.Equal([$"PUT {Part1} appendblock"], _place.Proxy.Requests.Select(request => $"{request}"));
    }

    [Fact]
    public async Task A_storage_that_refuses_every_part_is_an_error()
    {
        _place.Proxy.Fault = request => request.IsAppend ? StorageFault.Refuse(409, "BlobImmutableDueToPolicy") : null;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Log().AppendAsync([Records.At(Records.Noon)], Cancel));
    }

    [Fact]
    public async Task A_document_that_cannot_be_written_is_an_error_and_no_conflict()
    {
        const string name = "rollups/2026/11/22.json";
        var documents = new DocumentStore(_place.Open(), NullLogger<DocumentStore>.Instance);
        var version = await documents.WriteAsync(name, RollupOf(Records.Day), HistoryJson.Default.DayRollup, null, Cancel);
        await BreakAsync(name, "leased");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => documents.WriteAsync(name, RollupOf(Records.Day), HistoryJson.Default.DayRollup, version, Cancel));

        Assert.Equal("LeaseIdMissing", failure.ErrorCode);
    }

    [Fact]
    public async Task A_log_that_cannot_be_deleted_does_not_stop_the_retention()
    {
        foreach (var name in new[] { "records/2026/11/19.jsonl", "records/2026/11/20.jsonl", "rollups/2025/10/01.json" })
        {
            await _place.Container.UploadBlobAsync(name, BinaryData.FromString("content"), Cancel);
        }

        await BreakAsync("records/2026/11/19.jsonl", "leased");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => new Retention(_place.Open()).DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel));

        Assert.Equal("LeaseIdMissing", failure.ErrorCode);
        Assert.Equal(["records/2026/11/19.jsonl"], await _place.NamesAsync());
    }

    [Fact]
    public async Task A_snapshot_is_deleted_with_its_blob()
    {
        var blob = _place.Container.GetBlobClient("records/2026/11/20.jsonl");
        await blob.UploadAsync(BinaryData.FromString("content"), Cancel);
        await blob.CreateSnapshotAsync(cancellationToken: Cancel);

        await new Retention(_place.Open()).DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel);

        Assert.Empty(await _place.NamesAsync());
    }

    [Fact]
    public async Task Every_request_is_counted()
    {
        _place.Proxy.FaultOnce(request => request.IsAppend && _place.Proxy.Requests.Count > 2, StorageFault.Refuse(503, "ServerBusy"));
        var storage = _place.Open();
        var reader = new RecordReader(storage, NullLogger<RecordReader>.Instance);

        await new RecordLog(storage).AppendAsync([Records.At(Records.Noon)], Cancel);
        await NamesAsync(reader.ReadDayAsync(Records.Day, Cancel));
        await reader.DaysAsync(Records.Day, Records.Day, Cancel);

        Assert.Equal(
            [
                // One of them is a retry.
                $"PUT {Part0} appendblock", $"PUT {Part0}", $"PUT {Part0} appendblock", $"PUT {Part0} appendblock",
                $"GET {Part0}", $"GET {Part1}", "GET  list",
            ],
            _place.Proxy.Requests.Select(request => $"{request}"));
        Assert.Equal(_place.Proxy.Requests.Count, storage.Calls);
    }

    private static DayRollup RollupOf(DateOnly day, long offset = 0) => new() { Day = day, Offset = offset };

    private static async Task<IReadOnlyList<string>> NamesAsync(IAsyncEnumerable<RunRecord> records) =>
        [.. (await records.ToListAsync(Cancel)).Select(record => record.Name())];

    private RecordLog Log() => new(_place.Open());

    private RecordReader Reader() => new(_place.Open(), NullLogger<RecordReader>.Instance);

    /// <summary>Makes a blob refuse appends, really in all cases but one.</summary>
    private async Task BreakAsync(string name, string what)
    {
        switch (what)
        {
            case "full":
                // Filling it would take 50,000 requests.
                _place.Proxy.Fault = request =>
                    request.IsAppend && request.Blob == name ? StorageFault.Refuse(409, "BlockCountExceedsLimit") : null;
                break;

            case "a block blob":
                await _place.Container.UploadBlobAsync(name, BinaryData.FromString("nothing of ours"), Cancel);
                break;

            case "a page blob":
                await _place.Container.GetPageBlobClient(name).CreateAsync(512, cancellationToken: Cancel);
                break;

            case "sealed":
                await _place.Container.GetAppendBlobClient(name).SealAsync(cancellationToken: Cancel);
                break;

            case "leased":
                await _place.Container.GetBlobBaseClient(name).GetBlobLeaseClient()
                    .AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancel);
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }
}
