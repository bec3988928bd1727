using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.History;

[Slow]
public sealed class HistoryStoreTests(Services services) : IAsyncLifetime
{
    private const string Part0 = "records/2026/11/22.jsonl";
    private const string Part1 = "records/2026/11/22.1.jsonl";
    private const int BlockLimit = 2 * 1024 * 1024;

    private readonly FakeLogger<HistoryStore> _log = new();
    private BlobContainerClient _container = null!;
    private StorageProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _container = await services.CreateContainerAsync();
        _proxy = await StorageProxy.StartAsync(await services.Azurite);
    }

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Fact]
    public async Task Records_are_read_back_as_they_were_appended()
    {
        var records = new[]
        {
            Records.At(Records.Noon) with { Late = true, Maintenance = true, DurationMs = 12.34 },
            Records.At(Records.Noon.AddMinutes(1), "two \"\n\\ 2", Reason.ReadOnly, targets: 3) with { Source = "timer" },
            Records.At(Records.Noon.AddSeconds(90)),
        };
        var store = Open();

        var block = await store.AppendAsync(records, Cancel);

        Assert.Equal(records, block.Records);
        Assert.Equivalent(records, await ReadDayAsync(Open()), strict: true);
    }

    [Fact]
    public async Task A_block_knows_where_it_is()
    {
        var store = Open();

        var one = await store.AppendAsync(Records.Minutes(2), Cancel);
        var other = await Open().AppendAsync([Records.At(Records.Noon, "two")], Cancel);

        Assert.Equal(LogPosition.StartOf(Records.Day), one.Start);
        Assert.Equal(one.End, other.Start);
        Assert.Equal(["12:00 two"], await NamesAsync(store.ReadAsync(other.Start, other.End, Cancel)));
        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(store.ReadAsync(one.Start, one.End, Cancel)));
        Assert.Empty(await NamesAsync(store.ReadAsync(other.End, other.End, Cancel)));
        Assert.Empty(await NamesAsync(store.ReadDayAsync(other.End, Cancel)));
        Assert.Equal(["12:00 two"], await NamesAsync(store.ReadDayAsync(other.Start, Cancel)));
    }

    [Fact]
    public async Task A_block_takes_the_records_of_one_day_only()
    {
        var midnight = Records.Noon.AddHours(12);
        var records = new[] { Records.At(midnight.AddMinutes(-1)), Records.At(midnight), Records.At(midnight.AddMinutes(1)) };
        var store = Open();

        var one = await store.AppendAsync(records, Cancel);
        var other = await store.AppendAsync(records.Skip(1), Cancel);

        Assert.Equal([records[0]], one.Records);
        Assert.Equal(records.Skip(1), other.Records);
        Assert.Equal(["23:59 one", "00:00 one", "00:01 one"], await NamesAsync(store.ReadAsync(one.Start, other.End, Cancel)));
    }

    [Fact]
    public async Task A_block_takes_no_more_than_the_storage_does()
    {
        var records = Enumerable.Range(0, 100).Select(minute => Records.At(Records.Noon.AddMinutes(minute), targets: 500)).ToList();
        var store = Open();

        for (var appended = 0; appended < records.Count;)
        {
            var block = await store.AppendAsync(records.Skip(appended), Cancel);
            Assert.InRange(block.End.Offset - block.Start.Offset, 1, BlockLimit);
            appended += block.Records.Count;
        }

        Assert.InRange(_proxy.Requests.Count(request => request.IsAppend), 3, 5);
        Assert.Equal(records.Select(record => record.Name()), await NamesAsync(store.ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_reader_gets_what_others_have_appended_before_what_was_appended_just_now()
    {
        var store = Open();
        var mine = await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Open().AppendAsync([Records.At(Records.Noon.AddMinutes(1), "two")], Cancel);
        var now = await store.AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(["12:01 two", "12:02 one"], await NamesAsync(store.ReadNewAsync(mine.End, [now], Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(store.ReadNewAsync(now.Start, [now], Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(store.ReadNewAsync(now.End, [now], Cancel)));
    }

    [Fact]
    public async Task The_container_and_the_blob_are_created_by_whoever_comes_first()
    {
        const int writers = 20;
        await _container.DeleteAsync(cancellationToken: Cancel);

        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer =>
            Task.Run(() => Open().AppendAsync([Records.At(Records.Noon, $"{writer}")], Cancel))));

        Assert.Equal(
            Enumerable.Range(0, writers).Select(writer => $"12:00 {writer}").Order(StringComparer.Ordinal),
            (await NamesAsync(Open().ReadDayAsync(Records.Day, Cancel))).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(409, "ContainerAlreadyExists", 409, "BlobAlreadyExists")]
    [InlineData(409, "ContainerAlreadyExists", 412, "ConditionNotMet")]
    public async Task Whoever_comes_second_to_create_them_appends_all_the_same(int status, string code, int blobStatus, string blobCode)
    {
        await _container.DeleteAsync(cancellationToken: Cancel);

        // Another is faster in the moment between the append that found none and the creation.
        _proxy.Fault = request => request switch
        {
            { Method: "PUT", Blob: "" } => StorageFault.Deny(status, code),
            _ when request.Writes(Part0) => StorageFault.Deny(blobStatus, blobCode),
            _ => null,
        };

        await Open().AppendAsync([Records.At(Records.Noon)], Cancel);

        Assert.Equal(["12:00 one"], await NamesAsync(Open().ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_container_that_is_being_deleted_is_an_error_and_not_taken_for_one_that_is_there()
    {
        await _container.DeleteAsync(cancellationToken: Cancel);
        _proxy.Fault = request => request is { Method: "PUT", Blob: "" } ? StorageFault.Refuse(409, "ContainerBeingDeleted") : null;

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => Open().AppendAsync([Records.At(Records.Noon)], Cancel));

        Assert.Equal("ContainerBeingDeleted", failure.ErrorCode);
    }

    [Fact]
    public async Task An_append_whose_answer_is_lost_lands_twice_and_is_read_once()
    {
        _proxy.FaultOnce(request => request.IsAppend && _proxy.Requests.Count > 2, StorageFault.LoseAnswer);

        var block = await Open().AppendAsync(Records.Minutes(2), Cancel);

        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(Open().ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(4, (await ReadAsync(Part0)).Count(character => character == '\n'));
        Assert.Equal(
            ["12:00 one", "12:01 one", "12:00 one", "12:01 one"], await NamesAsync(Open().ReadAsync(LogPosition.StartOf(Records.Day), block.End, Cancel)));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("a block blob")]
    [InlineData("a page blob")]
    [InlineData("sealed")]
    [InlineData("leased")]
    public async Task A_full_or_broken_blob_is_followed_by_the_next_part(string what)
    {
        var store = Open();
        var isForeign = what.StartsWith("a ", StringComparison.Ordinal);
        if (!isForeign)
        {
            await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        }

        await BreakAsync(Part0, what);
        var second = await store.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        var third = await Open().AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(new LogPosition(Records.Day, 1, 0), second.Start);
        Assert.Equal(second.End, third.Start);
        string[] before = isForeign ? [] : ["12:00 one"];
        Assert.Equal([.. before, "12:01 one", "12:02 one"], await NamesAsync(Open().ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(Open().ReadNewAsync(second.End, [third], Cancel)));
        Assert.Equal([.. before, "12:01 one", "12:02 one"], await NamesAsync(Open().ReadNewAsync(LogPosition.StartOf(Records.Day), [third], Cancel)));

        // The part that took the last append is asked first.
        _proxy.Clear();
        await store.AppendAsync([Records.At(Records.Noon.AddMinutes(3))], Cancel);
        Assert.Equal([$"PUT {Part1} appendblock"], _proxy.Requests.Select(request => $"{request}"));
    }

    [Fact]
    public async Task The_next_day_starts_with_its_first_part()
    {
        var store = Open();
        await BreakAsync(Part0, "a block blob");
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);

        var block = await store.AppendAsync([Records.At(Records.Noon.AddDays(1))], Cancel);

        Assert.Equal(LogPosition.StartOf(Records.Day.AddDays(1)), block.Start);
    }

    [Fact]
    public async Task A_storage_that_refuses_every_part_is_an_error()
    {
        _proxy.Fault = request => request.IsAppend ? StorageFault.Refuse(409, "BlobImmutableDueToPolicy") : null;

        await Assert.ThrowsAsync<InvalidOperationException>(() => Open().AppendAsync([Records.At(Records.Noon)], Cancel));
    }

    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:59:00Z\"}\n")]
    [InlineData("{\"v\":1,\"tick\":\"yesterday\",\"started\":\"2026-11-22T11:59:00Z\",\"durationMs\":1,\"ok\":true,\"late\":false,\"maintenance\":false,"
        + "\"source\":\"a\",\"instance\":\"b\",\"checks\":[]}\n")]
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:59:00Z\",\"started\":\"2026-11-22T11:59:00Z\",\"durationMs\":1,\"ok\":true,\"late\":false,"
        + "\"maintenance\":false,\"source\":\"a\",\"instance\":\"b\",\"checks\":[{\"check\":\"a new one\",\"target\":\"default\",\"ok\":true,\"ms\":1}]}\n")]
    [InlineData("null\n")]
    [InlineData("\0\0\0\n")]
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:5")] // Which is cut off, so that the next record stands behind it.
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:58:00Z\",\"checks\":[{\"v\":{\"v\":")]
    public async Task A_line_that_is_corrupt_is_skipped_and_told_of_once(string line)
    {
        var store = Open();
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await AppendRawAsync(Part0, line);
        await store.AppendAsync(Records.Minutes(3).Skip(1), Cancel);

        for (var reading = 0; reading < 3; reading++)
        {
            Assert.Equal(["12:00 one", "12:01 one", "12:02 one"], await NamesAsync(store.ReadDayAsync(Records.Day, Cancel)));
        }

        var told = Assert.Single(_log.Collector.GetSnapshot());
        Assert.Equal(("HealthzRecordsUnreadable", LogLevel.Warning), (told.Id.Name, told.Level));
        Assert.Equal($"HealthzRecordsUnreadable lines=1 blob={Part0}", told.Message);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n \t\r\n\n")]
    [InlineData("  ")]
    public async Task An_empty_line_is_nothing_to_tell_of(string lines)
    {
        var store = Open();
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await AppendRawAsync(Part0, lines);
        await store.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);

        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(store.ReadDayAsync(Records.Day, Cancel)));
        Assert.Empty(_log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task The_corrupt_lines_of_a_blob_are_counted_together_and_those_of_another_apart()
    {
        var store = Open();
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await AppendRawAsync(Part0, "a\nb\n");
        await BreakAsync(Part0, "sealed");
        await store.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        await AppendRawAsync(Part1, "c\n");

        await ReadDayAsync(store);

        Assert.Equal(
            [$"HealthzRecordsUnreadable lines=2 blob={Part0}", $"HealthzRecordsUnreadable lines=1 blob={Part1}"],
            _log.Collector.GetSnapshot().Select(record => record.Message));
    }

    [Theory]
    [InlineData('x', true)]
    [InlineData('x', false)]
    [InlineData('{', false)]
    [InlineData('\0', false)]
    public async Task Three_megabytes_of_garbage_on_a_line_do_no_harm(char garbage, bool hasEnd)
    {
        var store = Open();
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await AppendRawAsync(Part0, new string(garbage, 3_000_000) + (hasEnd ? "\n" : ""));
        await store.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        await store.AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(["12:00 one", "12:01 one", "12:02 one"], await NamesAsync(store.ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal([$"HealthzRecordsUnreadable lines=1 blob={Part0}"], _log.Collector.GetSnapshot().Select(record => record.Message));
    }

    /// <remarks>
    /// A reader gives up on a line where the first piece that it is read in reaches beyond the longest line. Of so many lengths that are so
    /// close one must put that into the record.
    /// </remarks>
    [Fact]
    public async Task A_record_behind_garbage_of_any_length_is_saved()
    {
        var store = Open();
        var expected = new List<string>();
        for (var minute = 0; minute < 35; minute++)
        {
            await AppendOrCreateRawAsync(Part0, new string('x', (1024 * 1024) - 300 + (minute * 150)));
            await store.AppendAsync([Records.At(Records.Noon.AddMinutes(minute))], Cancel);
            expected.Add($"12:{minute:00} one");
        }

        Assert.Equal(expected, await NamesAsync(store.ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_day_without_a_log_has_no_records()
    {
        var store = Open();
        Assert.Empty(await ReadDayAsync(store));

        await _container.DeleteAsync(cancellationToken: Cancel);
        Assert.Empty(await ReadDayAsync(store));
        Assert.Empty(await store.RecordedDaysAsync(Records.Day.AddYears(-1), Records.Day, Cancel));
        Assert.Empty(await store.RolledUpDaysAsync(Records.Day.AddYears(-1), Records.Day, Cancel));
    }

    [Fact]
    public async Task The_days_of_a_time_are_found_with_the_size_of_their_logs()
    {
        var store = Open();
        foreach (var day in new[] { -400, -327, -326, -1, 0, 1 })
        {
            await store.AppendAsync([Records.At(Records.Noon.AddDays(day))], Cancel);
            await store.WriteAsync(HistoryStore.Rollup(Records.Day.AddDays(day)), RollupOf(Records.Day.AddDays(day)), HistoryJson.Default.DayRollup, null, Cancel);
        }

        await BreakAsync(Part0, "sealed");
        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await _container.UploadBlobAsync("records/2026/notes.txt", BinaryData.FromString("of people"), Cancel);

        var days = await store.RecordedDaysAsync(Records.Day.AddDays(-327), Records.Day, Cancel);

        Assert.Equal([new(2025, 12, 30), new(2025, 12, 31), new(2026, 11, 21), Records.Day], days.Keys);
        var line = (await ReadAsync(Part1)).Length;
        Assert.Equal([line, line, line, 2 * line], days.Values);
        Assert.Equal(days.Keys, await store.RolledUpDaysAsync(Records.Day.AddDays(-327), Records.Day, Cancel));
    }

    [Fact]
    public async Task A_document_is_written_over_the_version_that_was_read_and_no_other()
    {
        const string name = "rollups/2026/11/22.json";
        var store = Open();
        var type = HistoryJson.Default.DayRollup;

        Assert.Null((await store.ReadAsync(name, type, Cancel)).ETag);
        var one = await store.WriteAsync(name, RollupOf(Records.Day), type, null, Cancel);
        Assert.NotNull(one);
        Assert.Null(await store.WriteAsync(name, RollupOf(Records.Day), type, null, Cancel));
        var two = await store.WriteAsync(name, RollupOf(Records.Day, offset: 2), type, one, Cancel);
        Assert.NotNull(two);
        Assert.Null(await store.WriteAsync(name, RollupOf(Records.Day, offset: 3), type, one, Cancel));
        var read = await store.ReadAsync(name, type, Cancel);
        Assert.Equal((two, 2), (read.ETag, read.Value!.Offset));
        Assert.NotNull(await store.WriteAsync(name, RollupOf(Records.Day, offset: 4), type, ETag.All, Cancel));
        Assert.Equal(4, (await store.ReadAsync(name, type, Cancel)).Value!.Offset);

        // One that was deleted meanwhile is not what was read, either.
        await _container.DeleteBlobAsync(name, cancellationToken: Cancel);
        Assert.Null(await store.WriteAsync(name, RollupOf(Records.Day), type, two, Cancel));
    }

    [Fact]
    public async Task A_document_that_cannot_be_written_is_not_taken_for_one_that_others_have_written()
    {
        const string name = "rollups/2026/11/22.json";
        var store = Open();
        var version = await store.WriteAsync(name, RollupOf(Records.Day), HistoryJson.Default.DayRollup, null, Cancel);
        await BreakAsync(name, "leased");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => store.WriteAsync(name, RollupOf(Records.Day), HistoryJson.Default.DayRollup, version, Cancel));

        Assert.Equal("LeaseIdMissing", failure.ErrorCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"day":"2026-11-22"}""")]
    [InlineData("""{"day":"2026-11-22","hours":null,"seen":{"instances":{}}}""")]
    [InlineData("""{"day":"2026-11-22","hours":[],"seen":{}}""")]
    [InlineData("""{"day":"2026-11-22","hours":[{"hour":1,"expected":60}],"seen":{"instances":{}}}""")]
    [InlineData("""{"day":"2026-11-22","hours":[{"hour":1,"expected":60,"series":[{"check":"a new one","target":"a","reasons":{},"latency":[]}]}],"seen":{"instances":{}}}""")]
    [InlineData("""{"day":"2026-11-22","hours":[{"hour":1,"expected":60,"series":[{"check":"caches","target":"a"}]}],"seen":{"instances":{}}}""")]
    public async Task A_document_that_cannot_be_read_is_broken_and_can_be_written_over(string content)
    {
        const string name = "rollups/2026/11/22.json";
        await _container.UploadBlobAsync(name, BinaryData.FromString(content), Cancel);
        var store = Open();

        var read = await store.ReadAsync(name, HistoryJson.Default.DayRollup, Cancel);

        Assert.True(read.IsBroken);
        Assert.NotNull(await store.WriteAsync(name, RollupOf(Records.Day), HistoryJson.Default.DayRollup, read.ETag, Cancel));
    }

    [Fact]
    public async Task What_is_too_old_is_deleted_and_nothing_else()
    {
        foreach (var name in new[]
        {
            "records/2025/12/31.jsonl", "records/2026/11/20.1.jsonl", "records/2026/11/20.jsonl", "records/2026/11/21.jsonl", "records/2026/11/notes.txt",
            "rollups/2025/10/01.json", "rollups/2025/10/02.json", "rollups/2026/11/20.json", "latest.json", "alerts/state.json",
        })
        {
            await _container.UploadBlobAsync(name, BinaryData.FromString("content"), Cancel);
        }

        await Open().DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel);

        Assert.Equal(
            [
                "alerts/state.json", "latest.json", "records/2026/11/21.jsonl", "records/2026/11/notes.txt", "rollups/2025/10/02.json",
                "rollups/2026/11/20.json",
            ],
            await BlobsAsync());
    }

    [Fact]
    public async Task One_that_cannot_be_deleted_keeps_no_other_alive()
    {
        foreach (var name in new[] { "records/2026/11/19.jsonl", "records/2026/11/20.jsonl", "rollups/2025/10/01.json" })
        {
            await _container.UploadBlobAsync(name, BinaryData.FromString("content"), Cancel);
        }

        await BreakAsync("records/2026/11/19.jsonl", "leased");

        var failure = await Assert.ThrowsAsync<RequestFailedException>(
            () => Open().DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel));

        Assert.Equal("LeaseIdMissing", failure.ErrorCode);
        Assert.Equal(["records/2026/11/19.jsonl"], await BlobsAsync());
    }

    [Fact]
    public async Task A_snapshot_that_somebody_has_made_goes_with_its_blob()
    {
        var blob = _container.GetBlobClient("records/2026/11/20.jsonl");
        await blob.UploadAsync(BinaryData.FromString("content"), Cancel);
        await blob.CreateSnapshotAsync(cancellationToken: Cancel);

        await Open().DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel);

        Assert.Empty(await BlobsAsync());
    }

    [Fact]
    public async Task Every_request_is_counted()
    {
        _proxy.FaultOnce(request => request.IsAppend && _proxy.Requests.Count > 2, StorageFault.Refuse(503, "ServerBusy"));
        var store = Open();

        await store.AppendAsync([Records.At(Records.Noon)], Cancel);
        await ReadDayAsync(store);
        await store.RecordedDaysAsync(Records.Day, Records.Day, Cancel);

        Assert.Equal(
            [
                $"PUT {Part0} appendblock", $"PUT {Part0}", $"PUT {Part0} appendblock", $"PUT {Part0} appendblock", // Of which one is a retry.
                $"GET {Part0}", $"GET {Part1}", "GET  list",
            ],
            _proxy.Requests.Select(request => $"{request}"));
        Assert.Equal(_proxy.Requests.Count, store.Calls);
    }

    private static DayRollup RollupOf(DateOnly day, long offset = 0) => new() { Day = day, Offset = offset };

    private static Task<List<RunRecord>> ReadDayAsync(HistoryStore store) => store.ReadDayAsync(Records.Day, Cancel).ToListAsync(Cancel).AsTask();

    private static async Task<IReadOnlyList<string>> NamesAsync(IAsyncEnumerable<RunRecord> records) =>
        [.. (await records.ToListAsync(Cancel)).Select(record => record.Name())];

    private HistoryStore Open() => new(
        new BlobStorageOptions { ConnectionString = _proxy.ConnectionString, Container = _container.Name }, identity: null!, _log);

    private async Task<string> ReadAsync(string name) =>
        (await _container.GetBlobBaseClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString();

    private async Task<List<string>> BlobsAsync() => await _container.GetBlobsAsync(cancellationToken: Cancel).Select(blob => blob.Name).ToListAsync(Cancel);

    private async Task AppendRawAsync(string name, string text)
    {
        using var content = BinaryData.FromString(text).ToStream();
        await _container.GetAppendBlobClient(name).AppendBlockAsync(content, cancellationToken: Cancel);
    }

    private async Task AppendOrCreateRawAsync(string name, string text)
    {
        await _container.GetAppendBlobClient(name).CreateIfNotExistsAsync(cancellationToken: Cancel);
        await AppendRawAsync(name, text);
    }

    /// <summary>Makes a blob refuse appends, and in all cases but one really.</summary>
    private async Task BreakAsync(string name, string what)
    {
        switch (what)
        {
            case "full":
                // Filling it would take 50,000 requests.
                _proxy.Fault = request => request.IsAppend && request.Blob == name ? StorageFault.Refuse(409, "BlockCountExceedsLimit") : null;
                break;

            case "a block blob":
                await _container.UploadBlobAsync(name, BinaryData.FromString("nothing of ours"), Cancel);
                break;

            case "a page blob":
                await _container.GetPageBlobClient(name).CreateAsync(512, cancellationToken: Cancel);
                break;

            case "sealed":
                await _container.GetAppendBlobClient(name).SealAsync(cancellationToken: Cancel);
                break;

            case "leased":
                await _container.GetBlobBaseClient(name).GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancel);
                break;

            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }
}
