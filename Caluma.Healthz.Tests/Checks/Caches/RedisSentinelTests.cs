using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

[Slow]
public class RedisSentinelTests(Services services)
{
    [Fact]
    public async Task The_primary_is_found_by_the_name_of_its_service()
    {
        await using var primary = await RedisServer.StartNewAsync(new RedisOptions { Password = "secret" });
        await using var replica = await RedisServer.StartReplicaAsync(primary);
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, replicas: 1);

        Assert.Null(await ReasonAsync($"{sentinel.ConnectionString()},password=secret"));
        Assert.Equal("auth", await ReasonAsync($"{sentinel.ConnectionString()},password=wrong"));
    }

    [Fact]
    public async Task The_rights_for_a_single_server_are_enough_behind_Sentinel()
    {
        await using var primary = await RedisServer.StartNewAsync(new RedisOptions
        {
            Users = ["default off", "probe on >secret ~healthz:* +set +get +del +ping"],
        });
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);

        Assert.Null(await ReasonAsync($"{sentinel.ConnectionString()},user=probe,password=secret"));
    }

    [Fact]
    public async Task After_a_failover_the_cache_passes_again_by_itself()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartReplicaAsync(primary);
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, replicas: 1);
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        Assert.Null(await cache.ReasonAsync());

        await primary.KillAsync();
        Assert.Equal("connect", await cache.ReasonAsync());
        await sentinel.NoticeAsync(replica);
        Assert.Null(await cache.ReasonAsync());

        // The new primary now has a replica that is down, which does not matter for new connections either.
        Assert.Null(await ReasonAsync(sentinel.ConnectionString()));
    }

    [Fact]
    public async Task The_probe_follows_a_primary_that_was_demoted()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartReplicaAsync(primary);
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, replicas: 1);
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        Assert.Null(await cache.ReasonAsync());

        await sentinel.FailOverAsync(replica);
        var replicated = await replica.CountCallsAsync("set");

        Assert.Null(await cache.ReasonAsync());
        Assert.Equal(replicated + 1, await replica.CountCallsAsync("set"));
    }

    [Fact]
    public async Task A_service_that_Sentinel_does_not_know_is_missing()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);

        Assert.Equal("missing", await ReasonAsync(sentinel.ConnectionString("another")));
    }

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Refused, SystemFault.Silent)]
    [InlineData(nameof(FaultMode.Refused))]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers))]
    public async Task Of_several_Sentinels_one_that_answers_is_enough(string fault)
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        await using var other = FaultServer.Start(
            fault == nameof(FaultMode.Refused) ? FaultMode.Refused : FaultMode.AcceptsAndNeverAnswers, sentinel.EndPoint);
        await using var cache = await ProbedCache.StartAsync(services, $"127.0.0.1:{other.Port},{sentinel.ConnectionString()}");

        Assert.Null(await cache.ReasonAsync());
        await sentinel.StopAsync();

        // A refusal explains more than silence; on a busy machine the time may be up before the silent one is given up.
        Assert.Contains(await cache.ReasonAsync(), (string?[])["connect", "timeout"]);
        await sentinel.StartAsync();
        await cache.UntilItPassesAsync();
    }

    [Fact]
    [Holds(ProbedSystem.Sentinel, SystemFault.WrongCredentials)]
    public async Task Sentinel_gets_its_own_password()
    {
        await using var primary = await RedisServer.StartNewAsync(new RedisOptions { Password = "secret" });
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, password: "sentinels");

        Assert.Null(await ReasonAsync($"{sentinel.ConnectionString()},password=secret,sentinelPassword=sentinels"));
        Assert.Equal("auth", await ReasonAsync($"{sentinel.ConnectionString()},password=secret,sentinelPassword=wrong"));
    }

    [Fact]
    [Holds(ProbedSystem.Sentinel, SystemFault.Garbage)]
    public async Task A_Redis_that_is_no_Sentinel_does_not_speak_its_protocol()
    {
        await using var server = await RedisServer.StartNewAsync();

        Assert.Equal("protocol", await ReasonAsync($"127.0.0.1:{server.Port},serviceName={RedisSentinel.Service}"));
    }

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Full, SystemFault.ReadOnly)]
    [InlineData("maxmemory", 1, "full")]
    [InlineData("min-replicas-to-write", 1, "read-only")]
    public async Task A_primary_that_takes_no_writes_fails_the_cache_until_it_does(string setting, int value, string reason)
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        Assert.Null(await cache.ReasonAsync());

        await primary.ExecuteAsync("CONFIG", "SET", setting, value);
        Assert.Equal(reason, await cache.ReasonAsync());
        Assert.Equal(reason, await ReasonAsync(sentinel.ConnectionString()));

        await primary.ExecuteAsync("CONFIG", "SET", setting, 0);
        Assert.Null(await cache.ReasonAsync());
    }

    [Fact]
    [Holds(ProbedSystem.Sentinel, SystemFault.Full)]
    public async Task A_Sentinel_without_connections_left_is_full()
    {
        const int connections = 20;
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, configLines: $"maxclients {connections}");
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        var fillers = Enumerable.Range(0, connections + 1).Select(_ => new System.Net.Sockets.TcpClient()).ToList();
        foreach (var filler in fillers)
        {
            await filler.ConnectAsync(sentinel.EndPoint, TestContext.Current.CancellationToken);
        }

        Assert.Equal("full", await cache.ReasonAsync());
        fillers.ForEach(filler => filler.Dispose());
        await cache.UntilItPassesAsync();
    }

    [Fact]
    [Holds(ProbedSystem.Sentinel, SystemFault.Overloaded)]
    public async Task A_primary_that_runs_a_script_without_end_is_busy_until_it_is_killed()
    {
        await using var primary = await RedisServer.StartNewAsync(new RedisOptions { ConfigLines = ["busy-reply-threshold 1"] });
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        Assert.Null(await cache.ReasonAsync());

        await using (await BusyScript.RunAsync(primary))
        {
            Assert.Equal("busy", await cache.ReasonAsync());
            Assert.Equal("busy", await ReasonAsync(sentinel.ConnectionString()));
        }

        Assert.Null(await cache.ReasonAsync());
    }

    [Fact]
    [Holds(ProbedSystem.Sentinel, SystemFault.HalfOpen)]
    public async Task A_connection_to_the_primary_that_hangs_for_good_fails_one_run()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var relay = new FreezingRelay(primary.EndPoint);
        await using var sentinel = await RedisSentinel.StartNewAsync(primary, port: relay.Port);
        await using var cache = await ProbedCache.StartAsync(services, sentinel.ConnectionString(), ProbedCache.ShortTimeout);
        Assert.Null(await cache.ReasonAsync());

        await relay.FreezeAsync();
        Assert.Equal("timeout", await cache.ReasonAsync());
        Assert.Null(await cache.ReasonAsync());
    }

    [Fact]
    public async Task Connections_to_Sentinel_do_not_pile_up()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        await using var well = await ProbedCache.StartAsync(services, sentinel.ConnectionString());
        await using var failing = await ProbedCache.StartAsync(services, sentinel.ConnectionString("another"));
        for (var run = 0; run < 5; run++)
        {
            await well.ReasonAsync();
            await failing.ReasonAsync();
        }

        Assert.Equal(1, await primary.CountConnectionsAsync("caluma-healthz"));

        // Checked at once, because the garbage collector would close forgotten connections later. The last one of each may still be open.
        Assert.InRange(await sentinel.CountConnectionsAsync("caluma-healthz"), 0, 2);
    }

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache) => ProbedCache.ReasonAsync(services, cache);

    [Slow]
    [Native]
    public sealed class Native(Services services) : RedisSentinelTests(services);
}
