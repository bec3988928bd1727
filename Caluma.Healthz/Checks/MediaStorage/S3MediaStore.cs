using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// MinIO, or any other store that speaks S3. The rights it needs on the bucket: s3:PutObject, s3:GetObject, s3:DeleteObject, and
/// s3:ListBucket for the sweep. It never creates the bucket.
/// </summary>
internal sealed class S3MediaStore(S3StorageOptions options, TimeSpan timeout) : IMediaStore, IDisposable
{
    private readonly AmazonS3Client _client = CreateClient(options, timeout);

    public async Task UploadAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await _client.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = options.Bucket,
                Key = name,
                InputStream = stream,

                // Not all stores that speak S3 take a body in signed chunks.
                UseChunkEncoding = false,
            },
            cancellationToken);
    }

    public async Task<long> GetSizeAsync(string name, CancellationToken cancellationToken) =>
        (await _client.GetObjectMetadataAsync(options.Bucket, name, cancellationToken)).ContentLength;

    public async Task<byte[]> DownloadAsync(string name, int limit, CancellationToken cancellationToken)
    {
        using var download = await _client.GetObjectAsync(options.Bucket, name, cancellationToken);
        var buffer = new byte[limit];
        var length = await download.ResponseStream.ReadAtLeastAsync(buffer, limit, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        _client.DeleteObjectAsync(options.Bucket, name, cancellationToken);

    public async IAsyncEnumerable<string> ListAsync(
        string prefix, DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = options.Bucket, Prefix = prefix };
        await foreach (var found in _client.Paginators.ListObjectsV2(request).S3Objects.WithCancellation(cancellationToken))
        {
            if (found.LastModified < before.UtcDateTime)
            {
                yield return found.Key;
            }
        }
    }

    public Reason ReasonFor(Exception exception) => S3Failure.ReasonFor(exception);

    public void Dispose() => _client.Dispose();

    private static AmazonS3Client CreateClient(S3StorageOptions options, TimeSpan timeout)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint.AbsoluteUri,
            AuthenticationRegion = options.Region,
            ForcePathStyle = true,
            Timeout = timeout,

            // A verdict is about one try: a retry would hide a store that fails every other request, and outlast the timeout.
            MaxErrorRetry = 0,

            // Stores that are not AWS need not know AWS's newer checksums:
            // https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        config.HttpClientFactory = new PlainHttpClientFactory(options.TrustAnyCertificate);
        return new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config);
    }

    /// <param name="trustsAnyCertificate">Caluma's <c>MINIO_DISABLE_CERT_CHECKS</c>.</param>
    private sealed class PlainHttpClientFactory(bool trustsAnyCertificate) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig)
        {
            var handler = new HttpClientHandler { AllowAutoRedirect = false };
            if (trustsAnyCertificate)
            {
                handler.ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator;
            }

            return new HttpClient(new WithoutExpect(handler));
        }
    }

    /// <summary>
    /// Sends uploads at once. The SDK asks first (<c>Expect: 100-continue</c>), and after a refusal .NET sends the body all the same,
    /// which Ceph's gateway then takes for the next request: 35 to 64 of 100 requests after a refused upload came back as 400.
    /// </summary>
    private sealed class WithoutExpect(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.ExpectContinue = false;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
