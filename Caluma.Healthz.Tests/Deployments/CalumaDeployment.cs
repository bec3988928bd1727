using Azure.Storage.Blobs;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>
/// A healthy Caluma 9.3.3 for one test: a database with the sample, a cache and a media container on real servers, and the settings of the
/// probe for them. Tests change the settings before they start the probe. Its timeout is long, so that a healthy check passes on a busy
/// machine, too; a test of a hanging target sets <see cref="HangTimeout"/>.
/// </summary>
internal sealed class CalumaDeployment : IAsyncDisposable
{
    public const string Key = "the-key-of-the-tests";

    /// <summary>For a test that waits until it has passed: no longer than what is well takes on a busy machine.</summary>
    public static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(10);

    private CalumaDeployment(PostgresDatabase database, RedisDatabase cache, BlobContainerClient container, AzuriteServer azurite)
    {
        Database = database;
        Cache = cache;
        Container = container;
        Settings = new Dictionary<string, string?>
        {
            ["ENABLE_HEALTHZ_ENDPOINT"] = "true",
            ["HEALTHZ_FUNCTION_KEYS"] = Key,
            ["Healthz:Databases:default"] = database.ConnectionString,
            ["Healthz:Caches:default"] = cache.ConnectionString,
            ["Healthz:MediaStorage:ConnectionString"] = azurite.ConnectionString,
            ["Healthz:MediaStorage:Container"] = container.Name,
            ["Healthz:MinInterval"] = "00:00:00",
            ["Healthz:Timeout"] = "00:00:50",
            ["Logging:Console:LogLevel:Default"] = "None",
        };
    }

    public PostgresDatabase Database { get; }

    public RedisDatabase Cache { get; }

    public BlobContainerClient Container { get; }

    public Dictionary<string, string?> Settings { get; }

    /// <summary>How long a run waits.</summary>
    public TimeSpan Timeout
    {
        set => Settings["Healthz:Timeout"] = $"{value:c}";
    }

    public static async Task<CalumaDeployment> CreateAsync(Services services) =>
        new(await CreateDatabaseAsync(services), await services.CreateCacheAsync(),
            await services.CreateContainerAsync(), await services.Azurite);

    /// <summary>A database of Caluma 9.3.3.</summary>
    public static async Task<PostgresDatabase> CreateDatabaseAsync(Services services) =>
        await CreateDatabaseAsync(await services.Postgres);

    /// <inheritdoc cref="CreateDatabaseAsync(Services)"/>
    public static async Task<PostgresDatabase> CreateDatabaseAsync(PostgresServer server)
    {
        const string template = "caluma";
        await server.CreateTemplateAsync(
            template, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "eng", "sample", "caluma-9.3.3.sql")));
        return await server.CreateDatabaseAsync(template);
    }

    /// <summary>Stores the media in a bucket, with Caluma's own settings.</summary>
    public void StoreMediaIn(Uri endpoint, string accessKey, string secretKey, string bucket)
    {
        Settings.Remove("Healthz:MediaStorage:ConnectionString");
        Settings.Remove("Healthz:MediaStorage:Container");
        Settings["MEDIA_STORAGE_SERVICE"] = "minio";
        Settings["MINIO_STORAGE_ENDPOINT"] = endpoint.Authority;
        Settings["MINIO_STORAGE_USE_HTTPS"] = endpoint.Scheme == "https" ? "true" : "false";
        Settings["MINIO_STORAGE_ACCESS_KEY"] = accessKey;
        Settings["MINIO_STORAGE_SECRET_KEY"] = secretKey;
        Settings["MINIO_STORAGE_MEDIA_BUCKET_NAME"] = bucket;
    }

    public IConfiguration Configuration() => new ConfigurationBuilder().AddInMemoryCollection(Settings).Build();

    /// <summary>Starts the Server on these settings.</summary>
    public Task<RunningProbe> StartProbeAsync() => RunningProbe.StartAsync(Configuration(), Key);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await Container.DeleteIfExistsAsync();
    }
}
