using Caluma.Healthz.History;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.History;

/// <summary>A suite for every storage: an abstract class with a nested class for each storage.</summary>
public abstract class StorageTests : IAsyncLifetime
{
    internal const string Part0 = "records/2026/11/22.jsonl";
    internal const string Part1 = "records/2026/11/22.1.jsonl";

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private protected IStoragePlace Place { get; private set; } = null!;

    private protected RecordReader Reader { get; private set; } = null!;

    /// <summary>The log of <see cref="Reader"/>.</summary>
    private protected FakeLogger<RecordReader> Logger { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Place = await CreatePlaceAsync();
        Reader = new RecordReader(Place.Open(), Logger);
    }

    public async ValueTask DisposeAsync()
    {
        await Place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static async Task<IReadOnlyList<string>> NamesAsync(IAsyncEnumerable<RunRecord> records) =>
        [.. (await records.ToListAsync(Cancel)).Select(record => record.Name())];

    private protected static DayRollup RollupOf(DateOnly day, long offset = 0) => new() { Day = day, Offset = offset };

    private protected abstract Task<IStoragePlace> CreatePlaceAsync();

    /// <summary>The log, opened anew.</summary>
    private protected RecordLog Log() => new(Place.Open());

    private protected DocumentStore Documents() => new(Place.Open(), new FakeLogger<DocumentStore>());
}
