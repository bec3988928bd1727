using Azure;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.History;

/// <summary>Documents, retention and the lock, on each storage.</summary>
public abstract class DocumentStoreTests : StorageTests
{
    private const string Rollup = "rollups/2026/11/22.json";

    [Fact]
    public async Task A_document_replaces_only_the_version_that_was_read()
    {
        var documents = Documents();
        var type = HistoryJson.Default.DayRollup;

        Assert.Null((await documents.ReadAsync(Rollup, type, Cancel)).ETag);
        var one = await documents.WriteAsync(Rollup, RollupOf(Records.Day), type, null, Cancel);
        Assert.NotNull(one);
        Assert.Null(await documents.WriteAsync(Rollup, RollupOf(Records.Day), type, null, Cancel));
        var two = await documents.WriteAsync(Rollup, RollupOf(Records.Day, offset: 2), type, one, Cancel);
        Assert.NotNull(two);
        Assert.Null(await documents.WriteAsync(Rollup, RollupOf(Records.Day, offset: 3), type, one, Cancel));
        var read = await documents.ReadAsync(Rollup, type, Cancel);
        Assert.Equal((two, 2), (read.ETag, read.Value!.Offset));
        Assert.NotNull(await documents.WriteAsync(Rollup, RollupOf(Records.Day, offset: 4), type, ETag.All, Cancel));
        Assert.Equal(4, (await documents.ReadAsync(Rollup, type, Cancel)).Value!.Offset);

        // A document that was deleted meanwhile has changed, too.
        await Place.DeleteAsync(Rollup);
        Assert.Null(await documents.WriteAsync(Rollup, RollupOf(Records.Day), type, two, Cancel));
        Assert.NotNull(await documents.WriteAsync(Rollup, RollupOf(Records.Day), type, ETag.All, Cancel));
    }

    [Fact]
    public async Task Of_many_writers_over_one_version_one_succeeds()
    {
        var type = HistoryJson.Default.DayRollup;
        var version = await Documents().WriteAsync(Rollup, RollupOf(Records.Day), type, null, Cancel);

        for (var round = 1; round < 4; round++)
        {
            var versions = await Task.WhenAll(Enumerable.Range(1, 8).Select(writer =>
                Task.Run(() => Documents().WriteAsync(Rollup, RollupOf(Records.Day, (round * 100) + writer), type, version, Cancel))));

            version = Assert.Single(versions, written => written is not null);
            var read = await Documents().ReadAsync(Rollup, type, Cancel);
            Assert.Equal(version, read.ETag);
            Assert.Equal((round * 100) + 1 + Array.IndexOf(versions, version), read.Value!.Offset);
        }
    }

    [Fact]
    public async Task A_document_that_cannot_be_written_is_an_error_and_no_conflict()
    {
        var version = await Documents().WriteAsync(Rollup, RollupOf(Records.Day), HistoryJson.Default.DayRollup, null, Cancel);
        if (await Place.TryBlockChangesAsync(Rollup))
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(
                () => Documents().WriteAsync(Rollup, RollupOf(Records.Day), HistoryJson.Default.DayRollup, version, Cancel));

            Assert.True(HistoryFailure.IsOfSingleItem(failure));
        }
    }

    [Fact]
    public async Task A_document_that_was_read_before_is_parsed_again_only_where_it_has_changed()
    {
        var (documents, type) = (Documents(), HistoryJson.Default.DayRollup);
        Task<Document<DayRollup>> ReadAsync(Document<DayRollup> known) => documents.ReadAsync(Rollup, type, Cancel, known: known);

        Assert.Equal(default, await ReadAsync(default));
        var one = await documents.WriteAsync(Rollup, RollupOf(Records.Day, offset: 1), type, null, Cancel);
        var first = await ReadAsync(default);
        Assert.Equal((one, 1), (first.ETag, first.Value!.Offset));
        var again = await ReadAsync(first);
        Assert.Equal(one, again.ETag);
        Assert.Same(first.Value, again.Value);

        var two = await documents.WriteAsync(Rollup, RollupOf(Records.Day, offset: 2), type, one, Cancel);
        var changed = await ReadAsync(again);
        Assert.Equal((two, 2), (changed.ETag, changed.Value!.Offset));
        Assert.Same(changed.Value, (await ReadAsync(changed)).Value);

        await Place.PutAsync(Rollup, "nonsense");
        var broken = await ReadAsync(changed);
        Assert.True(broken is { Value: null, ETag: not null });
        Assert.Null((await ReadAsync(broken)).Value);

        await Place.DeleteAsync(Rollup);
        Assert.Equal(default, await ReadAsync(changed));
        await Place.BlockReadsAsync(Rollup);
        Assert.True(await ReadAsync(changed) is { Value: null, ETag: not null });
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
    [InlineData(
        """{"day":"2026-11-22","hours":[{"hour":1,"expected":60,"series":[{"check":"a new one","target":"a","reasons":{},"latency":[]}]}]"""
        + ""","seen":{"instances":{}}}""")]
    [InlineData(
        """{"day":"2026-11-22","hours":[{"hour":1,"expected":60,"series":[{"check":"caches","target":"a"}]}],"seen":{"instances":{}}}""")]
    public async Task A_document_that_cannot_be_parsed_is_broken_and_can_be_replaced(string content)
    {
        await Place.PutAsync(Rollup, content);
        var documents = Documents();

        var read = await documents.ReadAsync(Rollup, HistoryJson.Default.DayRollup, Cancel);

        Assert.True(read is { Value: null, ETag: not null });
        Assert.NotNull(await documents.WriteAsync(Rollup, RollupOf(Records.Day), HistoryJson.Default.DayRollup, read.ETag, Cancel));
    }

    [Fact]
    public async Task A_document_that_the_storage_refuses_is_broken_and_not_missing()
    {
        await Place.PutAsync(Rollup, "{}");
        await Place.BlockReadsAsync(Rollup);
        var documents = Documents();

        var read = await documents.ReadAsync(Rollup, HistoryJson.Default.DayRollup, Cancel);

        Assert.True(read is { Value: null, ETag: not null });
        Assert.Null(await documents.WriteAsync(Rollup, RollupOf(Records.Day), HistoryJson.Default.DayRollup, null, Cancel));
    }

    [Fact]
    public async Task Retention_deletes_only_logs_and_documents_that_are_too_old()
    {
        foreach (var name in new[]
        {
            "records/2025/12/31.jsonl", "records/2026/11/20.1.jsonl",
            "records/2026/11/20.jsonl", "records/2026/11/21.jsonl", "records/2026/11/notes.txt",
            "rollups/2025/10/01.json", "rollups/2025/10/02.json", "rollups/2026/11/20.json", "latest.json", "alerts/state.json",
        })
        {
            await Place.PutAsync(name, "content");
        }

        await new Retention(Place.Open()).DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel);

        Assert.Equal(
            [
                "alerts/state.json", "latest.json", "records/2026/11/21.jsonl", "records/2026/11/notes.txt", "rollups/2025/10/02.json",
                "rollups/2026/11/20.json",
            ],
            await Place.NamesAsync());
    }

    [Fact]
    public async Task A_log_that_cannot_be_deleted_does_not_stop_the_retention()
    {
        foreach (var name in new[] { "records/2026/11/19.jsonl", "records/2026/11/20.jsonl", "rollups/2025/10/01.json" })
        {
            await Place.PutAsync(name, "content");
        }

        if (await Place.TryBlockChangesAsync("records/2026/11/19.jsonl"))
        {
            var failure = await Assert.ThrowsAnyAsync<Exception>(
                () => new Retention(Place.Open()).DeleteBeforeAsync(new DateOnly(2026, 11, 21), new DateOnly(2025, 10, 2), Cancel));

            Assert.True(HistoryFailure.IsOfSingleItem(failure));
            Assert.Equal(["records/2026/11/19.jsonl"], await Place.NamesAsync());
        }
    }

    [Fact]
    public async Task One_process_holds_the_lock_until_it_releases_it()
    {
        const string name = "recorder.lock";
        var (one, other) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}");
        var (storage, another) = (Place.Open(), Place.Open());
        await Place.RemoveAsync();

        Assert.True(await storage.TryLockAsync(name, one, TimeSpan.FromSeconds(60), Cancel));
        Assert.True(await storage.TryLockAsync(name, one, TimeSpan.FromSeconds(60), Cancel));
        Assert.False(await another.TryLockAsync(name, other, TimeSpan.FromSeconds(60), Cancel));
        await another.UnlockAsync(name, other, Cancel);
        Assert.False(await another.TryLockAsync(name, other, TimeSpan.FromSeconds(60), Cancel));

        await storage.UnlockAsync(name, one, Cancel);

        Assert.True(await another.TryLockAsync(name, other, TimeSpan.FromSeconds(60), Cancel));
        Assert.False(await storage.TryLockAsync(name, one, TimeSpan.FromSeconds(60), Cancel));
        await another.UnlockAsync(name, other, Cancel);
    }

    [Slow]
    public sealed class OnBlobs(Services services) : DocumentStoreTests
    {
        private protected override async Task<IStoragePlace> CreatePlaceAsync() => await BlobPlace.CreateAsync(services);
    }

    public sealed class InMemory : DocumentStoreTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new MemoryPlace());
    }

    public sealed class InFolder : DocumentStoreTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new FolderPlace());
    }
}
