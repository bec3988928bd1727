using StackExchange.Redis;

namespace Caluma.Healthz.Tests.Servers;

[Slow]
public sealed class RedisServerTests(Services services)
{
    [Fact]
    public async Task Each_test_has_its_own_database()
    {
        var one = await services.CreateCacheAsync();
        var other = await services.CreateCacheAsync();

        await one.ExecuteAsync("SET", "key", "value");

        Assert.Equal(1, await one.CountKeysAsync());
        Assert.Equal(0, await other.CountKeysAsync());
        await using var client = await ConnectionMultiplexer.ConnectAsync(one.ConnectionString);
        Assert.Equal("value", await client.GetDatabase().StringGetAsync("key"));
    }

    [Fact]
    public async Task Connections_are_counted_by_their_client_name()
    {
        var server = await services.Redis;
        var options = ConfigurationOptions.Parse(server.ConnectionString());
        options.ClientName = nameof(Connections_are_counted_by_their_client_name);

        await using (await ConnectionMultiplexer.ConnectAsync(options))
        {
            Assert.True(await server.CountConnectionsAsync(options.ClientName) > 0);
        }

        await Deadline.UntilAsync("the connections are gone", async () => await server.CountConnectionsAsync(options.ClientName) == 0);
    }

    [Fact]
    public async Task Redis_restarts_on_its_port()
    {
        await using var server = await RedisServer.StartNewAsync();
        var processIds = server.ProcessIds;

        await server.StopAsync();
        Assert.DoesNotContain(processIds, ProcessTree.IsAlive);
        await server.StartAsync();

        Assert.Equal("PONG", (string?)await server.ExecuteAsync("PING"));
    }

    [Fact]
    public async Task A_paused_Redis_answers_after_it_is_resumed()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString());

        server.Pause();
        await Deadline.UntilAsync("it is stopped", () => server.ProcessIds.All(ProcessTree.IsStopped));
        var ping = client.GetDatabase().PingAsync();
        Assert.False(ping.IsCompleted);

        server.Resume();
        await ping;
    }

    [Fact]
    public async Task Redis_can_require_a_password()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Password = "right" });

        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString());
        await client.GetDatabase().PingAsync();
        await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectionMultiplexer.ConnectAsync(server.ConnectionString(password: "wrong")));
    }

    [Fact]
    public async Task ACL_users_have_the_rights_of_their_lines()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions
        {
            Users = ["default off", "reader on >secret ~* +@all -@write"],
        });

        await using var client = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString(user: "reader", password: "secret"));

        Assert.True((await client.GetDatabase().StringGetAsync("key")).IsNull);
        var failure = await Assert.ThrowsAsync<RedisServerException>(() => client.GetDatabase().StringSetAsync("key", "value"));
        Assert.StartsWith("NOPERM", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_can_be_full()
    {
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { MaxMemory = "1" });

        var failure = await Assert.ThrowsAsync<RedisServerException>(() => server.ExecuteAsync("SET", "key", "value"));

        Assert.StartsWith("OOM", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replica_has_the_data_of_the_primary_and_takes_no_writes()
    {
        await using var primary = await RedisServer.StartNewAsync(new RedisOptions { Password = "secret" });
        await primary.ExecuteAsync("SET", "key", "value");

        await using var replica = await RedisServer.StartReplicaAsync(primary);

        Assert.Equal("value", (string?)await replica.ExecuteAsync("GET", "key"));

        // In a script, because the client itself refuses to write to a replica.
        const string WriteInScript = "return redis.call('SET', 'key', 'other')";
        var failure = await Assert.ThrowsAsync<RedisServerException>(() => replica.ExecuteAsync("EVAL", WriteInScript, 0));
        Assert.Contains("READONLY", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_speaks_TLS_with_a_certificate()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Certificate = certificate });

        var options = ConfigurationOptions.Parse(server.ConnectionString());
        options.CertificateValidation += (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
        await using var client = await ConnectionMultiplexer.ConnectAsync(options);
        await client.GetDatabase().PingAsync();
    }
}
