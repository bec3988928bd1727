using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>
/// StackExchange.Redis goes on without credentials, database, name or protocol that the server refuses. Caluma's client fails, so the probe
/// must fail, too.
/// </summary>
[Slow]
public sealed class RedisSettingsTests(Services services)
{
    /// <summary>The access control list of docs/operations.md.</summary>
    private const string Documented = "probe on >pw ~healthz:* +set +get +del +ping +info +select";

    [Fact]
    public async Task Another_database_needs_the_right_to_SELECT()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions
        {
            Users = [Documented, "less on >pw ~healthz:* +set +get +del +ping +info"],
        });

        Assert.Equal("permission", await ReasonAsync($"redis://less:pw@127.0.0.1:{server.Port}/99"));
        Assert.Equal("permission", await ReasonAsync(server.ConnectionString(99, "less", "pw")));
        Assert.Null(await ReasonAsync($"redis://less:pw@127.0.0.1:{server.Port}/0"));
        Assert.Null(await ReasonAsync($"redis://probe:pw@127.0.0.1:{server.Port}/99"));
    }

    [Fact]
    public async Task The_rights_that_operations_md_documents_are_the_ones_tested_here() => Assert.Contains(
        $"`ACL SETUSER {Documented.Replace(">pw", ">…", StringComparison.Ordinal)}`",
        await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"), TestContext.Current.CancellationToken),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_database_that_does_not_exist_is_missing()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Users = [Documented], ConfigLines = ["databases 16"] });

        Assert.Equal("missing", await ReasonAsync($"redis://probe:pw@127.0.0.1:{server.Port}/99"));
        Assert.Equal("missing", await ReasonAsync($"redis://probe:pw@127.0.0.1:{server.Port}?db=16"));
        Assert.Equal("missing", await ReasonAsync($"redis://127.0.0.1:{server.Port}/99"));
        Assert.Equal("missing", await ReasonAsync(server.ConnectionString(99, "probe", "pw")));
        Assert.Null(await ReasonAsync($"redis://probe:pw@127.0.0.1:{server.Port}/15"));
    }

    [Fact]
    public async Task The_key_is_set_in_the_configured_database()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var proxy = RedisProxy.Start(server.EndPoint);
        await using var cache = await ProbedCache.StartAsync(services, $"redis://127.0.0.1:{proxy.Port}/7");
        Assert.Null(await cache.ReasonAsync());
        await server.ExecuteInAsync(7, "CONFIG", "SET", "maxmemory", "1");

        Assert.Equal("full", await cache.ReasonAsync());
        Assert.Equal("SELECT 7", proxy.Commands.Last(command => command.StartsWith("SELECT", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_database_that_is_refused_while_the_connection_is_kept_fails()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Users = [Documented] });
        await using var cache = await ProbedCache.StartAsync(services, $"redis://probe:pw@127.0.0.1:{server.Port}/3");
        Assert.Null(await cache.ReasonAsync());

        await server.ExecuteAsync("ACL", "SETUSER", "probe", "-select");

        Assert.Equal("permission", await cache.ReasonAsync());
    }

    [Fact]
    public async Task A_cluster_has_no_other_database()
    {
        await using var cluster = await RedisCluster.StartNewAsync();

        Assert.Equal("missing", await ReasonAsync($"{cluster.ConnectionString},defaultDatabase=3"));
        Assert.Equal("missing", await ReasonAsync($"redis://127.0.0.1:{cluster.Servers[0].Port}/3"));
    }

    [Fact]
    public async Task A_user_without_a_password_logs_in()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Users = ["open on nopass ~* +@all"] });

        Assert.Equal("auth", await ReasonAsync($"redis://nobody@127.0.0.1:{server.Port}/0"));
        Assert.Equal("auth", await ReasonAsync(server.ConnectionString(user: "nobody", password: "")));
        Assert.Null(await ReasonAsync($"redis://open@127.0.0.1:{server.Port}/0"));
    }

    [Theory]
    [InlineData("redis://probe:pw@127.0.0.1:{0}/0?client_name=caluma")]
    [InlineData("127.0.0.1:{0},user=probe,password=pw,name=caluma")]
    public async Task A_refused_client_name_fails(string cache)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Users = [Documented] });
        var location = cache.Replace("{0}", $"{server.Port}", StringComparison.Ordinal);

        Assert.Equal("permission", await ReasonAsync(location));
        await server.ExecuteAsync("ACL", "SETUSER", "probe", "+client|setname");
        Assert.Null(await ReasonAsync(location));
    }

    [Fact]
    public async Task A_refused_protocol_fails()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { ConfigLines = ["rename-command HELLO \"\""] });
        var plain = await services.Redis;

        Assert.Null(await ReasonAsync($"redis://127.0.0.1:{plain.Port}/0?protocol=3"));
        Assert.Equal("protocol", await ReasonAsync($"redis://127.0.0.1:{server.Port}/0?protocol=3"));
        Assert.Null(await ReasonAsync($"redis://127.0.0.1:{server.Port}/0"));
    }

    /// <remarks>redis-py follows no redirection: Caluma can use only the keys of one server of a cluster.</remarks>
    [Fact]
    public async Task A_URL_of_one_server_of_a_cluster_fails()
    {
        await using var cluster = await RedisCluster.StartNewAsync();

        Assert.Equal("protocol", await ReasonAsync($"redis://127.0.0.1:{cluster.Servers[0].Port}/0"));
    }

    /// <remarks>A double that knows the commands of Envoy and twemproxy, and refuses others in Envoy's words.</remarks>
    [Fact]
    public async Task A_proxy_that_knows_only_commands_on_keys_passes()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var proxy = RedisProxy.Start(server.EndPoint);
        proxy.Answer = command => command[0] is "SET" or "GET" or "DEL" or "PING" or "ECHO" ? null : $"-ERR unknown command '{command[0]}'";

        Assert.Null(await ReasonAsync($"redis://127.0.0.1:{proxy.Port}/0"));
        Assert.Equal("protocol", await ReasonAsync($"redis://127.0.0.1:{proxy.Port}/3"));
        Assert.Equal("missing", await ReasonAsync($"127.0.0.1:{proxy.Port},proxy=Envoyproxy,defaultDatabase=3"));
    }

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache) => ProbedCache.ReasonAsync(services, cache);
}
