using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>The bytes that a trend is made of, fetched from the store by the same requests and thrown away.</summary>
internal sealed class StoreFloor(BlobContainerClient container, IReadOnlyList<StorageRequest> requests) : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly SemaphoreSlim _turns = new(AtOnce);

    /// <summary>How many there are.</summary>
    public int Requests => requests.Count;

    /// <summary>Makes them all.</summary>
    /// <returns>How long it took, in milliseconds.</returns>
    public async Task<double> ReadAsync()
    {
        var start = Stopwatch.GetTimestamp();

        // What is there first, and then what it says: a process cannot ask for the second before it knows the first.
        await Task.WhenAll(requests.Where(IsList).Select(request => InTurnAsync(() => ListAsync(request))));
        await Task.WhenAll(requests.Where(request => !IsList(request)).Select(request => InTurnAsync(() => DownloadAsync(request))));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public ValueTask DisposeAsync()
    {
        _turns.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsList(StorageRequest request) => request.Blob.Length == 0;

    private async Task InTurnAsync(Func<Task> read)
    {
        await _turns.WaitAsync();
        try
        {
            await read();
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task ListAsync(StorageRequest request)
    {
        await foreach (var page in container.GetBlobsAsync(new GetBlobsOptions { Prefix = request.Prefix }).AsPages())
        {
            _ = page.Values.Count;
        }
    }

    private async Task DownloadAsync(StorageRequest request)
    {
        var blob = container.GetBlobClient(request.Blob);
        _ = (await blob.DownloadContentAsync()).Value.Content.ToMemory().Length;
    }
}
