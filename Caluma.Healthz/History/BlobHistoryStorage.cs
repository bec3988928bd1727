using System.Globalization;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.History;

/// <summary>
/// The history in a container of Azure Blob Storage: append blobs, block blobs, and a lease as the lock. The rights it needs on the
/// container: Storage Blob Data Contributor.
/// </summary>
internal sealed class BlobHistoryStorage : IHistoryStorage
{
    /// <summary>The name of the metadata of a document that tells the write that it is from.</summary>
    private const string WriteId = "write";

    private readonly BlobContainerClient _container;
    private readonly CallCounter _counter = new();

    public BlobHistoryStorage(BlobStorageOptions storage, TokenCredential identity)
    {
        var client = new BlobClientOptions
        {
            // A retried append may land twice; readers drop the second copy.
            Retry = { MaxRetries = 2, Delay = TimeSpan.FromSeconds(0.3),
                MaxDelay = TimeSpan.FromSeconds(2), NetworkTimeout = TimeSpan.FromSeconds(5) },
        };
        client.AddPolicy(_counter, HttpPipelinePosition.PerRetry);
        _container = storage.Open(client, identity);
    }

    public long Calls => _counter.Calls;

    public async Task<bool> ExistsAsync(CancellationToken cancellationToken) => await _container.ExistsAsync(cancellationToken);

    public async Task<long?> AppendAsync(string name, ReadOnlyMemory<byte> lines, CancellationToken cancellationToken)
    {
        var blob = _container.GetAppendBlobClient(name);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var content = new BinaryData(lines).ToStream();
                var appended = await blob.AppendBlockAsync(content, cancellationToken: cancellationToken);
                return long.Parse(appended.Value.BlobAppendOffset, CultureInfo.InvariantCulture);
            }
            catch (RequestFailedException exception) when (IsFull(exception))
            {
                return null;
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && attempt < 2)
            {
                await CreateContainerAfterAsync(exception, cancellationToken);
                var options = new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } };
                await CreateAsync(() => blob.CreateAsync(options, cancellationToken));
            }
        }
    }

    public async Task<Stream?> OpenAsync(string name, long start, long? end, CancellationToken cancellationToken)
    {
        try
        {
            var range = new BlobDownloadOptions { Range = new HttpRange(start, end - start) };
            return (await _container.GetBlobClient(name).DownloadStreamingAsync(range, cancellationToken)).Value.Content;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
        catch (RequestFailedException exception) when (exception.Status == 416)
        {
            // The blob ends where the range starts.
            return Stream.Null;
        }
    }

    public Task<StoredDocument?> ReadAsync(string name, CancellationToken cancellationToken) =>
        ReadAsync(name, known: null, cancellationToken);

    public Task<StoredDocument?> ReadAgainAsync(string name, ETag known, CancellationToken cancellationToken) =>
        ReadAsync(name, known, cancellationToken);

    public async Task<ETag?> WriteAsync(string name, BinaryData content, ETag? over, CancellationToken cancellationToken)
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

        var (blob, write, calls) = (_container.GetBlobClient(name), Guid.NewGuid().ToString("N"), Calls);
        try
        {
            try
            {
                return await UploadAsync(blob, content, write, conditions, cancellationToken);
            }
            catch (RequestFailedException exception)
                when (exception.ErrorCode == BlobErrorCode.BlobArchived || exception.ErrorCode == BlobErrorCode.BlobBeingRehydrated)
            {
                // An archived blob can be deleted, but not overwritten. Its content can be computed again.
                await blob.DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, conditions, cancellationToken);
                return await UploadAsync(blob, content, write, new BlobRequestConditions { IfNoneMatch = ETag.All }, cancellationToken);
            }
        }
        catch (RequestFailedException exception)
            when (exception.ErrorCode == BlobErrorCode.ConditionNotMet || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // The client has sent the request again where its answer did not come, and the storage may have done it the first time.
            return Calls > calls + 1 ? await FindVersionAsync(blob, write, cancellationToken) : null;
        }
    }

    public async IAsyncEnumerable<StoredItem> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var blobs = _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
        {
            var (name, properties) = (blobs.Current.Name, blobs.Current.Properties);
            yield return new StoredItem(name, properties.ContentLength ?? 0, $"{properties.ETag}");
        }

        async ValueTask<bool> NextAsync()
        {
            try
            {
                return await blobs.MoveNextAsync();
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return false;
            }
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        await _container.GetBlobClient(name)
            .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);

    public async Task<bool> TryLockAsync(string name, string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        var lease = _container.GetBlobClient(name).GetBlobLeaseClient(holder);
        try
        {
            try
            {
                await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 404)
            {
                await CreateEmptyAsync(name, cancellationToken);
                await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent
            || exception.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired)
        {
            return false;
        }
    }

    public async Task UnlockAsync(string name, string holder, CancellationToken cancellationToken)
    {
        try
        {
            await _container.GetBlobClient(name).GetBlobLeaseClient(holder).ReleaseAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception)
            when (exception.Status == 404 || exception.ErrorCode == BlobErrorCode.LeaseIdMismatchWithLeaseOperation
            || exception.ErrorCode == BlobErrorCode.LeaseNotPresentWithLeaseOperation)
        {
            // Another process holds the lease, or none does.
        }
    }

    /// <remarks>
    /// The service answers a known version with 304 and no content; the client throws no exception for it:
    /// https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations.
    /// </remarks>
    private async Task<StoredDocument?> ReadAsync(string name, ETag? known, CancellationToken cancellationToken)
    {
        try
        {
            var unlessKnown = new BlobDownloadOptions { Conditions = new BlobRequestConditions { IfNoneMatch = known } };
            var answer = await _container.GetBlobClient(name).DownloadStreamingAsync(unlessKnown, cancellationToken);
            if (known is { } version && answer.GetRawResponse().Status == 304)
            {
                return new StoredDocument(BinaryData.Empty, version);
            }

            using var blob = answer.Value;
            var content = blob.Details.ContentLength > StoredDocument.MaxLength ? BinaryData.Empty
                : await BinaryData.FromStreamAsync(blob.Content, cancellationToken);
            return new StoredDocument(content, blob.Details.ETag);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    private static bool IsFull(RequestFailedException exception) =>
        exception.Status is 409 or 412 or 413 && exception.ErrorCode is { } code
        && (code == BlobErrorCode.BlockCountExceedsLimit
            || code == BlobErrorCode.InvalidBlobType || code == BlobErrorCode.RequestBodyTooLarge
            || code == BlobErrorCode.LeaseIdMissing || code == BlobErrorCode.BlobArchived || code == BlobErrorCode.BlobBeingRehydrated
            || code is "BlobIsSealed" or "BlobImmutableDueToPolicy" or "BlobImmutableDueToLegalHold" or "MaxBlobSizeConditionNotMet");

    private static async Task<ETag?> UploadAsync(
        BlobClient blob, BinaryData content, string write, BlobRequestConditions conditions, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions
        {
            Conditions = conditions,
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
            Metadata = new Dictionary<string, string> { [WriteId] = write },
        };
        return (await blob.UploadAsync(content, options, cancellationToken)).Value.ETag;
    }

    /// <summary>The version of a document that is from a write; null where it is from another one.</summary>
    private static async Task<ETag?> FindVersionAsync(BlobClient blob, string write, CancellationToken cancellationToken)
    {
        try
        {
            var found = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            return found.Metadata.TryGetValue(WriteId, out var last) && last == write ? found.ETag : null;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Creates something that other processes may create at the same time: 409 and 412 both mean that it exists.</summary>
    private static async Task CreateAsync<T>(Func<Task<T>> create)
    {
        try
        {
            await create();
        }
        catch (RequestFailedException exception) when (exception.Status == 412
            || exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || exception.ErrorCode == BlobErrorCode.ContainerAlreadyExists)
        {
            // Another process was faster.
        }
    }

    /// <summary>Creates the container after a request has failed because it is missing.</summary>
    private async Task CreateContainerAfterAsync(RequestFailedException exception, CancellationToken cancellationToken)
    {
        if (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await CreateAsync(() => _container.CreateAsync(cancellationToken: cancellationToken));
        }
    }

    /// <summary>Creates an empty blob unless it exists, and the container where it is missing.</summary>
    private async Task CreateEmptyAsync(string name, CancellationToken cancellationToken)
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
            await CreateContainerAfterAsync(exception, cancellationToken);
            await CreateEmptyAsync(name, cancellationToken);
        }
    }
}
