using Azure.Storage.Blobs;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev;

/// <summary>The servers that <c>./dev</c> starts, with the sample data of a Caluma. Only Azurite's data outlive them.</summary>
internal sealed class LocalServers(Workspace workspace) : IAsyncDisposable
{
    /// <summary>The ports that local.settings.json.example names.</summary>
    public const int PostgresPort = 15432;

    public const int RedisPort = 16379;

    public const int AzuritePort = 10000;

    // Azurite's default account, whose key is public.
    private const string Account = "devstoreaccount1";
    private const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private const string Caluma = "caluma";

    private readonly List<Server> _servers = [];
    private readonly Lock _lock = new();

    /// <summary>Completes when one of the servers ends.</summary>
    public Task<Task> AnyEnded => Task.WhenAny(_servers.Select(server => server.Ended));

    /// <summary>Starts a PostgreSQL with the sample database.</summary>
    /// <returns>The connection string for Npgsql.</returns>
    public async Task<string> StartPostgresAsync(PortReservation port)
    {
        var server = await StartAsync("postgres", () => PostgresServer.StartNewAsync(new PostgresOptions
        {
            Port = port,
            Hba = [$"host {Caluma} {Caluma} 127.0.0.1/32 scram-sha-256"],
            Settings = new Dictionary<string, string> { ["shared_buffers"] = "16MB" },
        }));
        await server.ExecuteAsync($"CREATE ROLE {Caluma} LOGIN PASSWORD '{Caluma}'");
        await server.ExecuteAsync($"CREATE DATABASE {Caluma} OWNER {Caluma}");
        var sample = await File.ReadAllTextAsync(Path.Combine(workspace.Root, "eng", "sample", "caluma-9.3.3.sql"));
        await server.ExecuteAsync($"SET ROLE {Caluma}; {sample}", Caluma);
        return $"Host={Server.Host};Port={server.Port};Database={Caluma};Username={Caluma};Password={Caluma}";
    }

    /// <summary>Starts a Redis.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> StartRedisAsync(PortReservation port)
    {
        var server = await StartAsync("redis", () => RedisServer.StartNewAsync(new RedisOptions { Port = port }));
        return $"{Server.Host}:{server.Port}";
    }

    /// <summary>Starts an Azurite with the media container, which the probe never creates.</summary>
    /// <returns>How to reach it.</returns>
    public async Task<string> StartAzuriteAsync(PortReservation port, string container)
    {
        var server = await StartAsync("azurite", () => AzuriteServer.StartNewAsync(new AzuriteOptions
        {
            Port = port,
            AccountName = Account,
            AccountKey = AccountKey,
            Location = Directory.CreateDirectory(workspace.PathOf("azurite")).FullName,
        }));
        await new BlobContainerClient(server.ConnectionString, container).CreateIfNotExistsAsync();
        return server.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<T> StartAsync<T>(string name, Func<Task<T>> start)
        where T : Server
    {
        var log = workspace.LogOf(name);
        try
        {
            var server = await start();
            lock (_lock)
            {
                _servers.Add(server);
            }

            return server;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or FileNotFoundException)
        {
            await File.WriteAllTextAsync(log, $"{exception.Message}{Environment.NewLine}");
            throw new DevException($"{name} did not start.") { Log = log };
        }
    }
}
