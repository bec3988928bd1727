using System.Globalization;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;

namespace Caluma.Healthz.Servers;

/// <summary>The blob service of a real Azurite. Its data survive a stop, unless they are in memory.</summary>
internal sealed class AzuriteServer : Server
{
    /// <summary>The default account.</summary>
    public const string AccountName = "healthztests";

    private readonly AzuriteOptions _options;
    private readonly HttpClientTransport _transport;

    private AzuriteServer(AzuriteOptions options)
        : base("azurite", options.Port)
    {
        _options = options;
        _transport = new HttpClientTransport(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Thumbprint == options.Certificate?.Thumbprint,
        });
    }

    public string AccountKey => _options.AccountKey;

    public Uri ServiceUri => new($"{Scheme}://{Host}:{Port}/{_options.AccountName}");

    public string ConnectionString => ConnectionStringWith(AccountKey);

    /// <summary>The certificate in a file, for clients that must trust it.</summary>
    public string CertificatePath => Folder.PathOf("server.crt");

    protected override string ReadyText => "Azurite Blob service successfully listens";

    private string Scheme => _options.Certificate is null ? "http" : "https";

    public static Task<AzuriteServer> StartNewAsync(AzuriteOptions? options = null) =>
        StartAsync(new AzuriteServer(options ?? new AzuriteOptions()), server => server.ConfigureAsync());

    /// <summary>The connection string with another key.</summary>
    public string ConnectionStringWith(string accountKey) => ConnectionStringTo(ServiceUri, accountKey);

    /// <summary>The connection string by way of a <see cref="FaultServer"/>.</summary>
    public string ConnectionStringVia(FaultServer proxy) =>
        ConnectionStringTo(new UriBuilder(ServiceUri) { Port = proxy.Port }.Uri, AccountKey);

    /// <summary>The connection string by a name, of which Azurite takes the first label for the account.</summary>
    public string ConnectionStringIn(string domain) =>
        ConnectionStringTo(new Uri($"{Scheme}://{_options.AccountName}.{domain}:{Port}"), AccountKey);

    /// <summary>Creates a container.</summary>
    public async Task<BlobContainerClient> CreateContainerAsync()
    {
        var container = new BlobContainerClient(
            ConnectionString, $"test-{Guid.NewGuid():N}", new BlobClientOptions { Transport = _transport });
        await container.CreateAsync();
        return container;
    }

    protected override ServerProcess StartProcess()
    {
        var program = Path.Combine(Repository.Root, "eng", "azurite", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(program))
        {
            throw Executable.Missing("Azurite (eng/azurite/node_modules)");
        }

        string[] tls = _options.Certificate is null ? [] : ["--cert", CertificatePath, "--key", Folder.PathOf("server.key")];
        return ServerProcess.Start(
            Folder,
            Executable.Find("node"),
            [
                program,
                "--blobHost", Host,
                "--blobPort", Port.ToString(CultureInfo.InvariantCulture),
                .. _options.IsInMemory ? (string[])["--inMemoryPersistence"] : ["--location", _options.Location ?? Folder.Path],
                "--skipApiVersionCheck",
                "--disableTelemetry",
                "--silent",
                .. tls,
                .. _options.Arguments,
            ],
            environment: new Dictionary<string, string?> { ["AZURITE_ACCOUNTS"] = $"{_options.AccountName}:{AccountKey}" },
            log: Log);
    }

    protected override ValueTask DisposeBackendAsync()
    {
        _transport.Dispose();
        return ValueTask.CompletedTask;
    }

    private string ConnectionStringTo(Uri service, string accountKey) =>
        $"DefaultEndpointsProtocol={service.Scheme};AccountName={_options.AccountName};AccountKey={accountKey};BlobEndpoint={service};";

    private Task ConfigureAsync()
    {
        if (_options.Certificate is { } certificate)
        {
            SelfSignedCertificate.Write(certificate, CertificatePath, Folder.PathOf("server.key"));
        }

        return Task.CompletedTask;
    }
}
