using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// Azure Blob Storage. The rights it needs on the container: Storage Blob Data Contributor. It never creates the container.
/// </summary>
internal sealed class BlobMediaStore(BlobStorageOptions options, TimeSpan timeout, TokenCredential identity) : IMediaStore
{
    private readonly BlobContainerClient _container = options.Open(
        new BlobClientOptions
        {
            // A verdict is about one try: a retry would hide a store that fails every other request, and outlast the timeout.
            Retry = { MaxRetries = 0, NetworkTimeout = timeout },
        },
        identity);

    public Task UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        _container.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: false, cancellationToken);

    public async Task<long> GetSizeAsync(string name, CancellationToken cancellationToken)
    {
        var properties = await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
        return properties.Value.ContentLength;
    }

    public async Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        using var download = (await _container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
        var buffer = new byte[limit];
        var length = await download.Content.ReadAtLeastAsync(buffer, limit, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        _container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    public async IAsyncEnumerable<string> ListAsync(
        string prefix, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var listing = _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken);
        await foreach (var blob in listing)
        {
            if (blob.Properties.LastModified < before)
            {
                yield return blob.Name;
            }
        }
    }

    public Reason ReasonFor(Exception exception) => BlobFailure.ReasonFor(exception);
}
