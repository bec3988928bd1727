using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

[Slow]
public class RedisProbeTests(Services services)
{
    private const string ClientName = "caluma-healthz";

    [Fact]
    public async Task A_user_who_may_set_get_and_delete_the_probes_keys_and_ping_passes()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "probe", "on", ">secret", "~healthz:*", "+set", "+get", "+del", "+ping");

        Assert.Equal(["caches/default: ok"], await ReportAsync(server.ConnectionString(user: "probe", password: "secret")));
    }

    [Theory]
    [InlineData("-set")]
    [InlineData("-get")]
    [InlineData("-del")]
    public async Task A_user_without_one_of_these_rights_fails(string withheld)
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "probe", "on", ">secret", "~*", "+@all", withheld);

        Assert.Equal(
            ["caches/default: failed"], await ReportAsync(server.ConnectionString(user: "probe", password: "secret"), "permission"));
    }

    [Fact]
    public async Task Refused_credentials_fail_although_the_server_needs_none()
    {
        await using var server = await RedisServer.StartNewAsync();

        Assert.Equal(["caches/default: failed"], await ReportAsync(server.ConnectionString(user: "nobody", password: "secret"), "auth"));
    }

    [Fact]
    public async Task A_changed_password_fails_although_the_connection_is_kept()
    {
        await using var server = await RedisServer.StartNewAsync();
        await server.ExecuteAsync("ACL", "SETUSER", "probe", "on", ">old", "~*", "+@all");
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = server.ConnectionString(user: "probe", password: "old");
        await using var probe = await deployment.StartProbeAsync();
        Assert.Empty((await probe.ReportAsync()).Failed);

        await server.ExecuteAsync("ACL", "SETUSER", "probe", ">new", "<old");

        Assert.Equal(["caches/default: failed"], (await probe.ReportAsync()).Failed);
    }

    [Fact]
    public async Task One_connection_is_kept_between_runs_and_none_after_the_end()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = server.ConnectionString();
        await using (var probe = await deployment.StartProbeAsync())
        {
            for (var run = 0; run < 3; run++)
            {
                Assert.Empty((await probe.ReportAsync()).Failed);
            }

            Assert.Equal(1, await server.CountConnectionsAsync(ClientName));
        }

        await Deadline.UntilAsync("the connection is closed", async () => await server.CountConnectionsAsync(ClientName) == 0);
    }

    [Fact]
    public async Task A_primary_with_a_replica_that_is_down_passes()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartReplicaAsync(primary);
        var both = $"127.0.0.1:{replica.Port},127.0.0.1:{primary.Port}";
        await using var cache = await ProbedCache.StartAsync(services, both);
        Assert.Null(await cache.ReasonAsync());

        await replica.KillAsync();
        Assert.Null(await cache.ReasonAsync());
        await using (var another = await ProbedCache.StartAsync(services, both))
        {
            Assert.Null(await another.ReasonAsync());
        }

        await primary.KillAsync();
        Assert.Equal("connect", await cache.ReasonAsync());
    }

    [Fact]
    public async Task The_kept_connection_is_replaced_when_primary_and_replica_change_places()
    {
        await using var primary = await RedisServer.StartNewAsync();
        await using var replica = await RedisServer.StartReplicaAsync(primary);
        await using var cache = await ProbedCache.StartAsync(services, $"127.0.0.1:{replica.Port},127.0.0.1:{primary.Port}");
        Assert.Null(await cache.ReasonAsync());

        await replica.ExecuteAsync("REPLICAOF", "NO", "ONE");
        await primary.ExecuteAsync("REPLICAOF", "127.0.0.1", replica.Port);

        Assert.Null(await cache.ReasonAsync());
    }

    private async Task<IReadOnlyList<string>> ReportAsync(string cache, string? reason = null)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = cache;
        await using var probe = await deployment.StartProbeAsync();
        var report = await probe.ReportAsync("?check=caches");
        Assert.True(
            reason is null || probe.Log.GetSnapshot()
                .Any(record => record.Message.Contains($"reason={reason} ", StringComparison.Ordinal)));
        return report.Verdicts;
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : RedisProbeTests(services);
}
