using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.History;

/// <summary>A container on a real Azurite, behind a proxy that adds behaviour of Azure.</summary>
internal sealed class BlobPlace : IStoragePlace
{
    private readonly HashSet<string> _unreadable = [];

    private BlobPlace(BlobContainerClient container, StorageProxy proxy) => (Container, Proxy) = (container, proxy);

    public BlobContainerClient Container { get; }

    public StorageProxy Proxy { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<BlobPlace> CreateAsync(Services services) =>
        new(await services.CreateContainerAsync(), await StorageProxy.StartAsync(await services.Azurite));

    public IHistoryStorage Open() => new BlobHistoryStorage(
        new BlobStorageOptions { ConnectionString = Proxy.ConnectionString, Container = Container.Name }, identity: null!);

    public async Task<string> ReadAsync(string name) =>
        (await Container.GetBlobBaseClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString();

    public Task PutAsync(string name, string content) =>
        Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);

    public async Task AppendAsync(string name, string content)
    {
        await Container.GetAppendBlobClient(name).CreateIfNotExistsAsync(cancellationToken: Cancel);
        await using var stream = BinaryData.FromString(content).ToStream();
        await Container.GetAppendBlobClient(name).AppendBlockAsync(stream, cancellationToken: Cancel);
    }

    public Task DeleteAsync(string name) => Container.DeleteBlobAsync(name, cancellationToken: Cancel);

    public async Task<IReadOnlyList<string>> NamesAsync() =>
        await Container.GetBlobsAsync(cancellationToken: Cancel).Select(blob => blob.Name).ToListAsync(Cancel);

    public Task RemoveAsync() => Container.DeleteAsync(cancellationToken: Cancel);

    public async Task BlockAppendsAsync(string log)
    {
        var blob = Container.GetAppendBlobClient(log);
        await blob.CreateIfNotExistsAsync(cancellationToken: Cancel);
        await blob.SealAsync(cancellationToken: Cancel);
    }

    /// <remarks>
    /// Azurite returns archived blobs; the proxy answers like Azure:
    /// https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes.
    /// </remarks>
    public Task BlockReadsAsync(string name)
    {
        _unreadable.Add(name);
        Proxy.Fault = request =>
            request.Method == "GET" && _unreadable.Contains(request.Blob) ? StorageFault.Refuse(409, "BlobArchived") : null;
        return Task.CompletedTask;
    }

    public Task PutForeignLogAsync(string log) => PutAsync(log, "nothing of ours");

    public async Task<bool> TryBlockChangesAsync(string name)
    {
        await Container.GetBlobBaseClient(name).GetBlobLeaseClient()
            .AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancel);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await Container.DeleteIfExistsAsync();
    }
}
