using System.Text;
using Caluma.Healthz.Checks.Caches;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>Walks the tables of docs/reasons.md over connections. A double answers with the literal bytes of each row.</summary>
[Slow]
public sealed class CacheReasonTests(Services services)
{
    [Fact]
    public void The_documented_tables_are_those_of_the_code()
    {
        Assert.Equal(RedisErrors.Table, ReasonTable.Of("Redis"));
        Assert.Equal(MemcachedErrors.Table, ReasonTable.Of("Memcached"));
    }

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.ReadOnly, SystemFault.Overloaded)]
    public async Task An_error_answer_of_Redis_to_a_command_has_its_reason()
    {
        await using var proxy = RedisProxy.Start((await services.Redis).EndPoint);
        await using var cache = await ProbedCache.StartAsync(services, $"redis://127.0.0.1:{proxy.Port}");
        var found = new List<(string, string?)>();
        foreach (var (answer, reason) in RedisErrors.Table)
        {
            foreach (var refused in new[] { "SET", "GET", "DEL" })
            {
                proxy.Answer = command => command[0] == refused ? $"-{Whole(answer)}" : null;
                if (await cache.ReasonAsync() is var actual && actual != reason.Code())
                {
                    found.Add(($"{refused}: {answer}", actual));
                }
            }
        }

        Assert.Empty(found);
    }

    /// <remarks>A real Redis answers the other commands of the probe.</remarks>
    [Theory]
    [InlineData("AUTH", "WRONGPASS invalid username-password pair or user is disabled.", "auth")]
    [InlineData("AUTH", "ERR Client sent AUTH, but no password is set", "auth")]
    [InlineData("AUTH", "ERR wrong number of arguments for 'auth' command", "auth")]
    [InlineData("AUTH", "LOADING Redis is loading the dataset in memory", "busy")]
    [InlineData("SELECT", "ERR DB index is out of range", "missing")]
    [InlineData("SELECT", "NOPERM this user has no permissions to run the 'select' command", "permission")]
    [InlineData("CLIENT", "NOPERM this user has no permissions to run the 'client|setname' command", "permission")]
    [InlineData("CLIENT", "ERR Client names cannot contain spaces, newlines or special characters.", "protocol")]
    public async Task A_setting_that_Redis_refuses_has_its_reason(string refused, string answer, string reason)
    {
        await using var proxy = RedisProxy.Start((await services.Redis).EndPoint);
        await using var cache = await ProbedCache.StartAsync(services, $"redis://probe:pw@127.0.0.1:{proxy.Port}/2?client_name=caluma");
        proxy.Answer = command => command[0] == refused ? $"-{answer}" : command[0] is "AUTH" ? "+OK" : null;

        Assert.Equal(reason, await cache.ReasonAsync());
    }

    [Fact]
    [Holds(ProbedSystem.Redis, SystemFault.Full)]
    public async Task A_real_Redis_without_connections_left_is_full()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var filler = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString()},allowAdmin=true");
        await server.ExecuteAsync("CONFIG", "SET", "maxclients", 1);

        Assert.Equal("full", await ReasonAsync($"redis://127.0.0.1:{server.Port}"));
        Assert.Equal("full", await ReasonAsync(server.ConnectionString()));
        await filler.GetServers()[0].ExecuteAsync("CONFIG", "SET", "maxclients", 100);
        Assert.Null(await ReasonAsync($"redis://127.0.0.1:{server.Port}"));
    }

    [Theory]
    [InlineData("-ERR max number of clients reached", "full")]
    [InlineData("-ERR max number of clients + cluster connections reached", "full")]
    [InlineData("-DENIED Redis is running in protected mode because protected mode is enabled", "permission")]
    [InlineData("-SOMETHING else", "connect")]
    [InlineData("+OK", "connect")]
    public async Task A_refusal_that_Redis_sends_before_it_closes_a_connection_has_its_reason(string refusal, string reason)
    {
        await using var proxy = RedisProxy.Start((await services.Redis).EndPoint);
        proxy.Refusal = refusal;

        Assert.Equal(reason, await ReasonAsync($"redis://probe:pw@127.0.0.1:{proxy.Port}/3"));
    }

    [Fact]
    [Holds(ProbedSystem.Memcached, SystemFault.WrongCredentials, SystemFault.Full, SystemFault.Overloaded)]
    public async Task An_error_reply_of_Memcached_has_its_reason()
    {
        var found = new List<(string, string?)>();
        await using var server = FaultServer.Start(FaultMode.Refused);
        await using var cache = await ProbedCache.StartAsync(services, $"memcached://127.0.0.1:{server.Port}");
        foreach (var (reply, reason) in MemcachedErrors.Table)
        {
            foreach (var before in new[] { "", "STORED\r\n" })
            {
                server.Mode = FaultMode.Answering(Encoding.ASCII.GetBytes($"{before}{reply}\r\n"));
                if (await cache.ReasonAsync() is var actual && actual != reason.Code())
                {
                    found.Add((reply, actual));
                }
            }
        }

        Assert.Empty(found);
    }

    [Fact]
    [Holds(ProbedSystem.Memcached, SystemFault.Full)]
    public async Task A_real_Memcached_without_connections_left_is_full()
    {
        const int connections = 20;
        await using var server = await MemcachedServer.StartNewAsync("-c", $"{connections}");
        var fillers = Enumerable.Range(0, connections + 1).Select(_ => new System.Net.Sockets.TcpClient()).ToList();
        foreach (var filler in fillers)
        {
            await filler.ConnectAsync(server.EndPoint, TestContext.Current.CancellationToken);
        }

        await using var cache = await ProbedCache.StartAsync(services, $"memcached://127.0.0.1:{server.Port}");
        Assert.Equal("full", await cache.ReasonAsync());
        fillers.ForEach(filler => filler.Dispose());
        await cache.UntilItPassesAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_several_servers_that_fail_the_reason_that_explains_most_counts_in_any_order(int first)
    {
        await using var down = FaultServer.Start(FaultMode.Refused);
        await using var full = FaultServer.Start(FaultMode.Answering("SERVER_ERROR out of memory storing object\r\n"u8.ToArray()));
        var servers = new[] { down.Port, full.Port };

        Assert.Equal("full", await ReasonAsync($"memcached://127.0.0.1:{servers[first]},127.0.0.1:{servers[1 - first]}"));
    }

    /// <summary>A code with a text after it, as servers send it.</summary>
    private static string Whole(string answer) => answer is "MOVED" ? $"{answer} 3999 127.0.0.1:1" : $"{answer} and so on";

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache) => ProbedCache.ReasonAsync(services, cache);
}
