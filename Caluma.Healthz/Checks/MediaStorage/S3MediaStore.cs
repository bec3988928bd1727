using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// MinIO, or any other store that speaks S3. The rights it needs on the bucket: s3:PutObject, s3:GetObject, s3:DeleteObject; s3:ListBucket
/// for the sweep; s3:GetBucketLocation where no region is configured; and where the bucket keeps versions, s3:DeleteObjectVersion and
/// s3:ListBucketVersions. It never creates the bucket.
/// </summary>
internal sealed class S3MediaStore(S3StorageOptions options, TimeSpan timeout) : IMediaStore, IDisposable
{
    private readonly S3Clients _clients = new(options, timeout);
    private volatile bool _keepsVersions;

    public Uri Address => options.Endpoint;

    public async Task<string?> UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var client = await _clients.GetAsync(cancellationToken);
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        try
        {
            var uploaded = await client.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = options.Bucket,
                    Key = name,
                    InputStream = stream,

                    // Not every S3 store accepts a body in signed chunks.
                    UseChunkEncoding = false,
                },
                cancellationToken);
            _keepsVersions = uploaded.VersionId is { Length: > 0 };
            return _keepsVersions ? uploaded.VersionId : null;
        }
        catch (AmazonServiceException)
        {
            // The bucket may have been created anew in another region.
            _clients.ForgetLocation();
            throw;
        }
    }

    public async Task<long> GetSizeAsync(string name, CancellationToken cancellationToken) =>
        (await (await _clients.GetAsync(cancellationToken)).GetObjectMetadataAsync(options.Bucket, name, cancellationToken)).ContentLength;

    public async Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        using var download = await (await _clients.GetAsync(cancellationToken)).GetObjectAsync(options.Bucket, name, cancellationToken);
        var buffer = new byte[limit];
        var length = await download.ResponseStream.ReadAtLeastAsync(buffer, limit, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    public async Task<bool> DeleteAsync(string name, string? version, CancellationToken cancellationToken)
    {
        var client = await _clients.GetAsync(cancellationToken);
        if (version is not null)
        {
            try
            {
                await client.DeleteObjectAsync(options.Bucket, name, version, cancellationToken);
                return true;
            }
            catch (AmazonServiceException refusal) when (IsForbidden(refusal))
            {
                // Caluma deletes in the same way, which leaves the version and a delete marker behind.
            }
        }

        try
        {
            await client.DeleteObjectAsync(options.Bucket, name, cancellationToken);
            return version is null;
        }
        catch (AmazonServiceException refusal) when (ReasonFor(refusal) is Reason.ReadOnly)
        {
            // A lock keeps the object; this is no failure.
            return false;
        }
    }

    public async Task SweepAsync(string prefix, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var client = await _clients.GetAsync(cancellationToken);
        if (_keepsVersions)
        {
            var versions = client.Paginators.ListVersions(new ListVersionsRequest { BucketName = options.Bucket, Prefix = prefix });
            await foreach (var found in versions.Versions.WithCancellation(cancellationToken))
            {
                if (found.LastModified < before.UtcDateTime)
                {
                    await client.DeleteObjectAsync(options.Bucket, found.Key, found.VersionId, cancellationToken);
                }
            }
        }
        else
        {
            var objects = client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix });
            await foreach (var found in objects.S3Objects.WithCancellation(cancellationToken))
            {
                if (found.LastModified < before.UtcDateTime)
                {
                    await client.DeleteObjectAsync(options.Bucket, found.Key, cancellationToken);
                }
            }
        }
    }

    public Reason ReasonFor(Exception exception) => S3Failure.ReasonFor(exception);

    public void Dispose() => _clients.Dispose();

    /// <summary>
    /// Whether a lock or the rights keep a version: AWS and Ceph answer AccessDenied to both, MinIO InvalidRequest to a lock ("Object is
    /// WORM protected and cannot be overwritten").
    /// </summary>
    private static bool IsForbidden(AmazonServiceException refusal) =>
        S3Failure.ReasonFor(refusal) is Reason.Permission or Reason.ReadOnly || refusal.ErrorCode == "InvalidRequest";
}
