using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Caluma.Healthz.Servers;

/// <summary>
/// A real S3 server, Ceph's, with buckets in the path. Its data survive a stop and a kill, which end only the S3 gateway and not the
/// cluster behind it.
/// </summary>
internal sealed class S3Server : Server
{
    /// <summary>The server accepts any region in a signature.</summary>
    public const string Region = "us-east-1";

    private const string CertificateFile = "server.crt";
    private const string KeyFile = "server.key";
    private const string Owner = "owner";
    private const string Reader = "reader";

    private readonly S3Options _options;
    private readonly CephCluster _cluster;

    private S3Server(S3Options options)
        : base("s3")
    {
        _options = options;
        _cluster = new CephCluster(Folder, Log);
    }

    public Uri Endpoint => EndpointAt(Port);

    /// <summary>The keys of the owner of the buckets; each server has other ones.</summary>
    public string AccessKey { get; } = RandomNumberGenerator.GetHexString(20);

    public string SecretKey { get; } = RandomNumberGenerator.GetHexString(40);

    /// <summary>The keys of a user who may only read and list the buckets.</summary>
    public string ReaderAccessKey { get; } = RandomNumberGenerator.GetHexString(20);

    public string ReaderSecretKey { get; } = RandomNumberGenerator.GetHexString(40);

    /// <summary>The processes behind the gateway, which keep running while it is stopped, paused or killed.</summary>
    public IReadOnlyList<int> ClusterProcessIds => _cluster.ProcessIds;

    // The line that it writes once it listens.
    protected override string ReadyText => "service_daemon_register rgw.";

    private string Scheme => _options.Certificate is null ? "http" : "https";

    public static Task<S3Server> StartNewAsync(S3Options? options = null) =>
        StartAsync(new S3Server(options ?? new S3Options()), server => server.ConfigureAsync());

    /// <summary>Its options by way of a <see cref="FaultServer"/>.</summary>
    public Uri EndpointVia(FaultServer proxy) => EndpointAt(proxy.Port);

    /// <summary>A client without retries that trusts the server's certificate; by default with the owner's keys.</summary>
    public AmazonS3Client CreateClient(string? accessKey = null, string? secretKey = null) => new(
        new BasicAWSCredentials(accessKey ?? AccessKey, secretKey ?? SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint.AbsoluteUri,
            AuthenticationRegion = Region,
            ForcePathStyle = true,
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            HttpClientFactory = new TrustingClientFactory(_options.Certificate),
        });

    /// <summary>Creates a bucket that the reader may read.</summary>
    /// <returns>Its name.</returns>
    public async Task<string> CreateBucketAsync()
    {
        var name = $"test-{Guid.NewGuid():N}";
        using var client = CreateClient();
        await client.PutBucketAsync(new PutBucketRequest { BucketName = name });
        await client.PutBucketPolicyAsync(new PutBucketPolicyRequest
        {
            BucketName = name,
            Policy =
                $$"""
                {
                  "Version": "2012-10-17",
                  "Statement": [
                    {
                      "Effect": "Allow",
                      "Principal": { "AWS": "arn:aws:iam:::user/{{Reader}}" },
                      "Action": ["s3:GetObject", "s3:ListBucket"],
                      "Resource": ["arn:aws:s3:::{{name}}", "arn:aws:s3:::{{name}}/*"]
                    }
                  ]
                }
                """,
        });
        return name;
    }

    /// <summary>The names of all objects of a bucket.</summary>
    public async Task<IReadOnlyList<string>> ListObjectsAsync(string bucket)
    {
        using var client = CreateClient();
        var names = new List<string>();
        await foreach (var listed in client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket }).S3Objects)
        {
            names.Add(listed.Key);
        }

        return names;
    }

    protected override ServerProcess StartProcess()
    {
        var address = $"{Host}:{Port}";

        // Relative paths, because a space would end an absolute one.
        var frontend = _options.Certificate is null
            ? $"beast endpoint={address}"
            : $"beast ssl_endpoint={address} ssl_certificate={CertificateFile} ssl_private_key={KeyFile}";
        return _cluster.Start("radosgw", "--name", "client.gateway", "-f", "--no-mon-config", "--rgw-frontends", frontend);
    }

    protected override ValueTask DisposeBackendAsync() => _cluster.DisposeAsync();

    private Uri EndpointAt(int port) => new($"{Scheme}://{Host}:{port}");

    private async Task ConfigureAsync()
    {
        if (_options.Certificate is { } certificate)
        {
            SelfSignedCertificate.Write(certificate, Folder.PathOf(CertificateFile), Folder.PathOf(KeyFile));
        }

        await _cluster.StartAsync();
        await CreateUserAsync(Owner, AccessKey, SecretKey);
        await CreateUserAsync(Reader, ReaderAccessKey, ReaderSecretKey);
    }

    private Task CreateUserAsync(string name, string accessKey, string secretKey) => _cluster.RunAsync(
        "radosgw-admin",
        ["--no-mon-config", "user", "create", "--uid", name, "--display-name", name, "--access-key", accessKey, "--secret", secretKey]);
}
