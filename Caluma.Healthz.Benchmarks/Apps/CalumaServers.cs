using Azure.Storage.Blobs;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Apps;

/// <summary>A healthy Caluma 9.3.3 on real servers, and the settings that point the probe at it.</summary>
internal sealed class CalumaServers : IAsyncDisposable
{
    public const string Key = "the-key-of-the-benchmarks";

    private CalumaServers(PostgresServer postgres, PostgresDatabase database, RedisServer redis, AzuriteServer azurite, string container) =>
        (Postgres, Database, Redis, Azurite, Container) = (postgres, database, redis, azurite, container);

    public PostgresServer Postgres { get; }

    public PostgresDatabase Database { get; }

    public RedisServer Redis { get; }

    public AzuriteServer Azurite { get; }

    /// <summary>That of the media.</summary>
    public string Container { get; }

    /// <summary>What is set in the environment of the server. It records nothing.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["ENABLE_HEALTHZ_ENDPOINT"] = "true",
        ["HEALTHZ_FUNCTION_KEYS"] = Key,
        ["Healthz__Databases__default"] = Database.ConnectionString,
        ["Healthz__Caches__default"] = Redis.ConnectionString(),
        ["Healthz__MediaStorage__ConnectionString"] = Azurite.ConnectionString,
        ["Healthz__MediaStorage__Container"] = Container,
        ["Healthz__MinInterval"] = "00:00:00",

        // On a machine that is busy with other work a run takes long, which is measured, and no failure.
        ["Healthz__Timeout"] = "00:01:00",
    };

    /// <summary>What is set in the environment of the peer.</summary>
    public Dictionary<string, string?> PeerSettings => new()
    {
        ["DATABASE"] = Database.ConnectionString,
        ["CACHE"] = Redis.ConnectionString(),
    };

    public static async Task<CalumaServers> StartAsync()
    {
        const string template = "caluma";
        var postgres = PostgresServer.StartNewAsync();
        var redis = RedisServer.StartNewAsync();
        var azurite = await AzuriteServer.StartNewAsync(new AzuriteOptions { IsInMemory = true });
        var container = await azurite.CreateContainerAsync();
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "eng", "sample", "caluma-9.3.3.sql"));
        await (await postgres).CreateTemplateAsync(template, sample);
        return new CalumaServers(
            await postgres, await (await postgres).CreateDatabaseAsync(template), await redis, azurite, container.Name);
    }

    /// <summary>Creates an empty container beside that of the media.</summary>
    public Task<BlobContainerClient> CreateContainerAsync() => Azurite.CreateContainerAsync();

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        await Redis.DisposeAsync();
        await Azurite.DisposeAsync();
    }
}
