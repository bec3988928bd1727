using Amazon.Runtime;
using Amazon.S3;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>
/// The client for the region of the bucket. Without a configured region the bucket is asked for its location, once, as minio-py
/// does.
/// </summary>
internal sealed class S3Clients(S3StorageOptions options, TimeSpan timeout) : IDisposable
{
    private readonly PlainHttpClientFactory _http = new(options.TrustAnyCertificate);
    private readonly string? _known = options.Region ?? S3Region.Of(options.Endpoint);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AmazonS3Client> _clients = [];
    private string? _located;

    /// <exception cref="AmazonServiceException">The bucket did not tell its location. The next call asks again.</exception>
    public async Task<AmazonS3Client> GetAsync(CancellationToken cancellationToken)
    {
        if ((_known ?? _located) is { } region)
        {
            return For(region);
        }

        var location = await For(S3Region.Default).GetBucketLocationAsync(options.Bucket, cancellationToken);
        return For(_located = S3Region.Of(location.Location?.Value, options.Endpoint));
    }

    /// <summary>Makes the next call ask for the location again.</summary>
    public void ForgetLocation() => _located = null;

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var client in _clients.Values)
            {
                client.Dispose();
            }
        }
    }

    private AmazonS3Client For(string region)
    {
        lock (_lock)
        {
            return _clients.TryGetValue(region, out var client) ? client : _clients[region] = Create(region);
        }
    }

    private AmazonS3Client Create(string region)
    {
        var config = new AmazonS3Config
        {
            ServiceURL = options.Endpoint.AbsoluteUri,
            AuthenticationRegion = region,
            ForcePathStyle = true,
            Timeout = timeout,

            // No retries: they would hide a store that fails every other request, and outlast the timeout.
            MaxErrorRetry = 0,

            // Not every S3 store knows AWS's newer checksums: https://docs.aws.amazon.com/sdkref/latest/guide/feature-dataintegrity.html
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = _http,
            HttpClientCacheSize = 1,
        };
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

            return new HttpClient(new PlainHandler(handler));
        }

        // Each client of the SDK keeps one, with its connections, and disposes it with itself. Otherwise the SDK makes one for each
        // request and disposes it with the answer: where none came, because the run was given up, its connections stayed open for a
        // minute. See HttpRequestMessageFactory.cs of https://github.com/aws/aws-sdk-net.
        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => true;

        public override string? GetConfigUniqueString(IClientConfig clientConfig) => null;
    }

    /// <summary>Turns off two habits of the SDK that other stores do not support, and bounds the answers.</summary>
    private sealed class PlainHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            // Expect: 100-continue. After a refusal .NET sends the body all the same, and Ceph's gateway takes it for the next request: 35
            // to 64 of 100 requests after a refused upload came back as 400.
            request.Headers.ExpectContinue = false;
            var response = await base.SendAsync(request, cancellationToken);

            // The ETag. The SDK takes it for the MD5 of the download, which it need not be. The probe compares the bytes by itself.
            // https://github.com/aws/aws-sdk-net/blob/main/sdk/src/Services/S3/Custom/Internal/AmazonS3ResponseHandler.cs
            response.Headers.Remove("ETag");
            response.Content = await BoundAsync(response.Content, cancellationToken);
            return response;
        }

        private static async Task<HttpContent> BoundAsync(HttpContent content, CancellationToken cancellationToken)
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken);
            var bounded = new StreamContent(new BoundedStream(stream, BoundedAnswers.MaxLength));
            foreach (var (name, values) in content.Headers)
            {
                bounded.Headers.TryAddWithoutValidation(name, values);
            }

            return bounded;
        }
    }
}
