using System.Runtime.Versioning;
using Azure.Storage.Blobs;
using Caluma.Healthz.Tests.Servers;

[assembly: AssemblyFixture(typeof(Services))]

// Signals, /proc and Debian's servers.
[assembly: SupportedOSPlatform("linux")]

namespace Caluma.Healthz.Tests.Servers;

/// <summary>
/// One PostgreSQL, one Redis, two Azurites (one requires tokens) and one S3 server for the whole run, each started when the first test
/// needs it. Each test has its own database, container or bucket; a test that stops a server, or makes it hang, starts its own.
/// </summary>
public sealed class Services : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartNewAsync());
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartNewAsync());
    private readonly Lazy<Task<AzuriteServer>> _azurite = new(() => AzuriteServer.StartNewAsync());
    private readonly Lazy<Task<AzuriteServer>> _secureAzurite = new(() => AzuriteServer.StartNewAsync(new AzuriteOptions
    {
        Certificate = SelfSignedCertificate.Create(),
        Arguments = ["--oauth", "basic"],
    }));

    private readonly Lazy<Task<S3Server>> _s3 = new(() => S3Server.StartNewAsync());

    internal Task<PostgresServer> Postgres => _postgres.Value;

    internal Task<RedisServer> Redis => _redis.Value;

    internal Task<AzuriteServer> Azurite => _azurite.Value;

    /// <summary>The Azurite with HTTPS and tokens.</summary>
    internal Task<AzuriteServer> SecureAzurite => _secureAzurite.Value;

    internal Task<S3Server> S3 => _s3.Value;

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_postgres);
        await DisposeAsync(_redis);
        await DisposeAsync(_azurite);
        await DisposeAsync(_secureAzurite);
        await DisposeAsync(_s3);
    }

    /// <summary>A new database for a test, empty or as a copy of a template.</summary>
    internal async Task<PostgresDatabase> CreateDatabaseAsync(string? template = null) =>
        await (await Postgres).CreateDatabaseAsync(template);

    /// <summary>A new Redis database for a test.</summary>
    internal async Task<RedisDatabase> CreateCacheAsync() => (await Redis).CreateDatabase();

    /// <summary>A new container for a test.</summary>
    internal async Task<BlobContainerClient> CreateContainerAsync() => await (await Azurite).CreateContainerAsync();

    private static async Task DisposeAsync<T>(Lazy<Task<T>> server)
        where T : IAsyncDisposable
    {
        // The failure of a server has reached the tests that needed it.
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
