using Azure;
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
            // No retries: they would hide a store that fails every other request, and outlast the timeout.
            Retry = { MaxRetries = 0, NetworkTimeout = timeout },
        },
        identity);

    private volatile bool _keepsVersions;

    public Uri Address => _container.Uri;

    public async Task<string?> UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var uploaded = await _container.GetBlobClient(name).UploadAsync(new BinaryData(content), overwrite: false, cancellationToken);
        _keepsVersions = uploaded.Value.VersionId is not null;
        return uploaded.Value.VersionId;
    }

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

    /// <remarks>
    /// A version can be deleted once it is no longer the current one: https://learn.microsoft.com/azure/storage/blobs/versioning-overview.
    /// Soft-deleted blobs expire by themselves.
    /// </remarks>
    public async Task<bool> DeleteAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name);
        try
        {
            await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException refusal) when (ReasonFor(refusal) is Reason.ReadOnly)
        {
            // An immutability policy keeps the object; this is no failure.
            return false;
        }

        try
        {
            if (version is not null)
            {
                await blob.WithVersion(version).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException refusal) when (ReasonFor(refusal) is Reason.Permission or Reason.ReadOnly)
        {
            // The role Storage Blob Data Contributor may delete blobs, but no versions.
            return false;
        }
    }

    public async Task SweepAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var listing = _container.GetBlobsAsync(
            new GetBlobsOptions { Prefix = prefix, States = _keepsVersions ? BlobStates.Version : BlobStates.None }, cancellationToken);
        await foreach (var found in listing)
        {
            if (found.Properties.LastModified < before)
            {
                var blob = _container.GetBlobClient(found.Name);
                var old = found is { VersionId: { } version, IsLatestVersion: not true } ? blob.WithVersion(version) : blob;
                await old.DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }
        }
    }

    public Reason ReasonFor(Exception exception) => BlobFailure.ReasonFor(exception);
}
