using System.Globalization;

namespace Caluma.Healthz.Servers;

/// <summary>A real Redis Cluster of three primaries without replicas, which share the keys among them.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Nodes = 3;
    private const int Slots = 16384;

    /// <summary>After which time a server counts as down: at once, or practically never until a test wants it.</summary>
    private const int NoticesMilliseconds = 500;

    private const int IgnoresMilliseconds = 600_000;

    private readonly List<PortReservation> _busPorts = [];
    private readonly List<RedisServer> _servers = [];
    private readonly RedisOptions _options;

    private RedisCluster(RedisOptions options) => _options = options;

    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>The connection string for StackExchange.Redis, with all servers.</summary>
    public string ConnectionString => string.Join(',', _servers.Select(server => $"{Server.Host}:{server.Port}"));

    /// <summary>Starts a cluster, and waits until all its servers are ready.</summary>
    /// <param name="options">The options of its servers.</param>
    public static async Task<RedisCluster> StartNewAsync(RedisOptions? options = null)
    {
        var cluster = new RedisCluster(options ?? new RedisOptions());
        try
        {
            for (var node = 0; node < Nodes; node++)
            {
                var server = await cluster.StartNodeAsync();
                await server.ExecuteAsync("CLUSTER", "SET-CONFIG-EPOCH", node + 1);
                await server.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", Slots * node / Nodes, (Slots * (node + 1) / Nodes) - 1);
                await cluster.MeetAsync(server);
            }

            await cluster.UntilStateAsync("ok");
            await cluster.SetNodeTimeoutAsync(IgnoresMilliseconds);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a replica of the first primary, and waits until it could replace it.</summary>
    public async Task<RedisServer> AddReplicaAsync()
    {
        // A short timeout also makes the servers exchange messages more often.
        await SetNodeTimeoutAsync(NoticesMilliseconds);
        var replica = await StartNodeAsync();
        await MeetAsync(replica);
        var primary = (string)(await _servers[0].ExecuteAsync("CLUSTER", "MYID"))!;
        await Deadline.UntilAsync(
            "the replica knows its primary",
            async () => $"{await replica.ExecuteAsync("CLUSTER", "NODES")}".Contains(primary, StringComparison.Ordinal));
        await replica.ExecuteAsync("CLUSTER", "REPLICATE", primary);
        await Deadline.UntilAsync(
            "all servers know of the replica and it has what its primary has",
            async () => (await Task.WhenAll(_servers.Select(server => server.ExecuteAsync("CLUSTER", "NODES"))))
                .All(nodes => $"{nodes}".Contains($"slave {primary} ", StringComparison.Ordinal))
                && $"{await replica.ExecuteAsync("INFO", "replication")}".Contains("master_link_status:up", StringComparison.Ordinal));
        await SetNodeTimeoutAsync(IgnoresMilliseconds);
        return replica;
    }

    /// <summary>Makes the first server announce another port, and waits until all servers tell clients of it.</summary>
    public async Task AnnounceAsync(int port)
    {
        await SetNodeTimeoutAsync(NoticesMilliseconds);
        await _servers[0].ExecuteAsync("CONFIG", "SET", "cluster-announce-port", port);
        await Deadline.UntilAsync(
            "all servers know the port",
            async () => (await Task.WhenAll(_servers.Select(server => server.ExecuteAsync("CLUSTER", "NODES"))))
                .All(nodes => $"{nodes}".Contains($" {Server.Host}:{port}@", StringComparison.Ordinal)));
        await SetNodeTimeoutAsync(IgnoresMilliseconds);
    }

    /// <summary>Makes the running servers notice that another one is down, and waits until they report it.</summary>
    public async Task NoticeAsync()
    {
        await SetNodeTimeoutAsync(NoticesMilliseconds);
        await UntilStateAsync("fail");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        _busPorts.ForEach(port => port.Dispose());
    }

    private async Task<RedisServer> StartNodeAsync()
    {
        var busPort = new PortReservation();
        _busPorts.Add(busPort);
        var server = await RedisServer.StartNewAsync(_options with
        {
            ConfigLines = ["cluster-enabled yes", $"cluster-port {busPort.Port}",
                $"cluster-node-timeout {NoticesMilliseconds}", .. _options.ConfigLines],
        });
        _servers.Add(server);
        return server;
    }

    private async Task MeetAsync(RedisServer server) =>
        await server.ExecuteAsync("CLUSTER", "MEET", Server.Host, _servers[0].Port, _busPorts[0].Port);

    private async Task SetNodeTimeoutAsync(int milliseconds)
    {
        foreach (var server in _servers.Where(server => server.Runs))
        {
            await server.ExecuteAsync("CONFIG", "SET", "cluster-node-timeout", milliseconds);
        }
    }

    /// <summary>Waits until all running servers report this state of the cluster: <c>ok</c> or <c>fail</c>.</summary>
    private async Task UntilStateAsync(string state)
    {
        foreach (var server in _servers.Where(server => server.Runs))
        {
            await Deadline.UntilAsync(
                $"the cluster is {state}",
                () => $"{server.Log}".Contains($"Cluster state changed: {state}", StringComparison.Ordinal),
                server.Log.ToString);
        }
    }
}
