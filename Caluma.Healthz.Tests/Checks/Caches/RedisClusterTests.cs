using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Checks.Caches;

[Slow(IsLong = true)]
public sealed class RedisClusterTests(Services services)
{
    [Fact]
    [Holds(ProbedSystem.Cluster, SystemFault.WrongCredentials)]
    public async Task A_cluster_passes_by_all_its_servers_and_by_one_of_them()
    {
        await using var cluster = await RedisCluster.StartNewAsync(new RedisOptions { Password = "secret" });

        Assert.Null(await ReasonAsync($"{cluster.ConnectionString},password=secret"));
        Assert.Null(await ReasonAsync($"127.0.0.1:{cluster.Servers[0].Port},password=secret"));
        Assert.Equal("auth", await ReasonAsync($"{cluster.ConnectionString},password=wrong"));
    }

    [Fact]
    public async Task Each_server_gets_a_key_in_each_run()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);

        Assert.Null(await cache.ReasonAsync());
        Assert.Null(await cache.ReasonAsync());

        foreach (var server in cluster.Servers)
        {
            Assert.Equal(2, await server.CountCallsAsync("set"));
        }
    }

    [Fact]
    public async Task A_cluster_needs_the_right_to_CLUSTER_NODES_besides()
    {
        await using var cluster = await RedisCluster.StartNewAsync(new RedisOptions
        {
            Users =
            [
                "default off",
                "probe on >secret ~healthz:* +set +get +del +ping +info +cluster",
                "less on >secret ~healthz:* +set +get +del +ping +info",
            ],
        });

        Assert.Null(await ReasonAsync($"{cluster.ConnectionString},user=probe,password=secret"));
        Assert.Equal("permission", await ReasonAsync($"{cluster.ConnectionString},user=less,password=secret"));
    }

    [Fact]
    [Holds(ProbedSystem.Cluster, SystemFault.Refused)]
    public async Task A_server_that_is_down_fails_the_cluster_until_it_is_back()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        await cluster.Servers[1].KillAsync();
        Assert.Equal("connect", await cache.ReasonAsync());
        Assert.Equal("connect", await ReasonAsync(cluster.ConnectionString));

        // The servers then refuse all keys, including their own.
        await cluster.NoticeAsync();
        Assert.Equal("busy", await cache.ReasonAsync());
        Assert.Equal("busy", await ReasonAsync(cluster.ConnectionString));

        await cluster.Servers[1].StartAsync();
        await cache.UntilItPassesAsync();
    }

    [Fact]
    [Holds(ProbedSystem.Cluster, SystemFault.Silent, SystemFault.HalfOpen)]
    public async Task A_server_that_hangs_fails_the_cluster_in_time()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString, ProbedCache.ShortTimeout);
        Assert.Null(await cache.ReasonAsync());

        cluster.Servers[2].Pause();
        Assert.Equal("timeout", await cache.ReasonAsync());
        cluster.Servers[2].Resume();
        await cache.UntilItPassesAsync();
    }

    [Fact]
    public async Task The_cluster_passes_again_after_a_failover()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        var replica = await cluster.AddReplicaAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        await cluster.Servers[0].KillAsync();
        Assert.Equal("connect", await cache.ReasonAsync());

        await cluster.NoticeAsync();
        await cache.UntilItPassesAsync();
        Assert.Contains("I'm the new master", $"{replica.Log}", StringComparison.Ordinal);
        Assert.Null(await ReasonAsync(cluster.ConnectionString));
    }

    [Fact]
    public async Task A_cluster_with_a_replica_that_is_down_passes()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        var replica = await cluster.AddReplicaAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        await replica.KillAsync();

        Assert.Null(await cache.ReasonAsync());
        Assert.Null(await ReasonAsync(cluster.ConnectionString));
        Assert.Null(await ReasonAsync($"127.0.0.1:{cluster.Servers[0].Port}"));
    }

    [Fact]
    [Holds(ProbedSystem.Cluster, SystemFault.Overloaded)]
    public async Task Slots_without_a_server_fail_the_cluster_although_the_others_are_served()
    {
        await using var cluster = await RedisCluster.StartNewAsync(new RedisOptions { ConfigLines = ["cluster-require-full-coverage no"] });
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        // A server that hears of the slot from its owner, before that has deleted it, has it again.
        var unassigned = 0;
        await Deadline.UntilAsync("no server knows the slot", async () =>
        {
            var deleted = await Task.WhenAll(cluster.Servers.Select(server => TryDeleteSlotAsync(server, 16383)));
            return (unassigned = deleted.Contains(true) ? 0 : unassigned + 1) == 5;
        });

        Assert.Equal("busy", await cache.ReasonAsync());
        Assert.Equal("busy", await ReasonAsync(cluster.ConnectionString));
    }

    [Theory]
    [Holds(ProbedSystem.Cluster, SystemFault.Full, SystemFault.ReadOnly)]
    [InlineData("maxmemory", 1, "full")]
    [InlineData("min-replicas-to-write", 1, "read-only")]
    public async Task A_server_that_takes_no_writes_fails_the_cluster_until_it_does(string setting, int value, string reason)
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        await cluster.Servers[1].ExecuteAsync("CONFIG", "SET", setting, value);
        Assert.Equal(reason, await cache.ReasonAsync());
        Assert.Equal(reason, await ReasonAsync(cluster.ConnectionString));

        await cluster.Servers[1].ExecuteAsync("CONFIG", "SET", setting, 0);
        Assert.Null(await cache.ReasonAsync());
    }

    [Fact]
    public async Task A_cluster_whose_servers_are_all_down_fails_with_connect()
    {
        await using var cluster = await RedisCluster.StartNewAsync();
        await using var cache = await ProbedCache.StartAsync(services, cluster.ConnectionString);
        Assert.Null(await cache.ReasonAsync());

        await Task.WhenAll(cluster.Servers.Select(server => server.KillAsync()));
        Assert.Equal("connect", await cache.ReasonAsync());

        await Task.WhenAll(cluster.Servers.Select(server => server.StartAsync()));
        await cache.UntilItPassesAsync();
    }

    [Fact]
    public async Task A_cluster_that_hides_its_slots_is_probed_as_one_server()
    {
        using var bus = new PortReservation();
        await using var server = await RedisServer.StartNewAsync(new RedisOptions
        {
            ConfigLines = ["cluster-enabled yes", $"cluster-port {bus.Port}", "rename-command CLUSTER hidden"],
        });
        await server.ExecuteAsync("hidden", "ADDSLOTSRANGE", 0, 16383);
        await using var cache = await ProbedCache.StartAsync(services, $"127.0.0.1:{server.Port}");

        await cache.UntilItPassesAsync();
    }

    private static async Task<bool> TryDeleteSlotAsync(RedisServer server, int slot)
    {
        try
        {
            await server.ExecuteAsync("CLUSTER", "DELSLOTS", slot);
            return true;
        }
        catch (RedisServerException exception) when (exception.Message.Contains("already unassigned", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache) => ProbedCache.ReasonAsync(services, cache);

    [Slow]
    [Native]
    public sealed class Native(Services services)
    {
        private readonly RedisClusterTests _tests = new(services);

        [Fact]
        public Task A_cluster_passes_by_all_its_servers_and_by_one_of_them() =>
            _tests.A_cluster_passes_by_all_its_servers_and_by_one_of_them();

        [Fact]
        public Task Each_server_gets_a_key_in_each_run() =>
            _tests.Each_server_gets_a_key_in_each_run();

        [Fact]
        public Task The_cluster_passes_again_after_a_failover() =>
            _tests.The_cluster_passes_again_after_a_failover();
    }
}
