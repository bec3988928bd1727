using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>Lists of hosts: each run finds out their state anew.</summary>
[Slow]
public sealed class HostListTests(Services services)
{
    private const string Databases = "?check=databases&check=database-models";

    [Fact]
    public async Task A_host_of_a_list_passes_as_soon_as_it_has_restarted()
    {
        await using var server = await PostgresServer.StartNewAsync();
        await using var database = await CalumaDeployment.CreateDatabaseAsync(server);
        using var nobody = new PortReservation();
        await using var probe = await StartAsync(database, $"127.0.0.1:{server.Port},127.0.0.1:{nobody.Port}");

        Assert.Empty((await probe.ReportAsync(Databases)).Failed);
        await server.StopAsync(PostgresStop.Fast);
        await AssertReasonsAsync(probe, "connect");
        await server.StartAsync();

        Assert.Empty((await probe.ReportAsync(Databases)).Failed);
    }

    [Theory]
    [InlineData("read-write")]
    [InlineData("primary")]
    public async Task A_promoted_standby_counts_as_the_primary_at_once(string attributes)
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var database = await CalumaDeployment.CreateDatabaseAsync(primary);
        await using var standby = await PostgresServer.StartReplicaAsync(primary);
        await standby.UntilCaughtUpAsync(primary);
        await using var probe = await StartAsync(
            database, $"127.0.0.1:{standby.Port},127.0.0.1:{primary.Port}", ("PGTARGETSESSIONATTRS", attributes));

        Assert.Empty((await probe.ReportAsync(Databases)).Failed);
        await primary.StopAsync(PostgresStop.Fast);
        await AssertReasonsAsync(probe, "connect");
        await standby.PromoteAsync();

        Assert.Empty((await probe.ReportAsync(Databases)).Failed);
    }

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.ReadOnly)]
    public async Task A_single_standby_fails_with_read_only_when_writes_are_wanted()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var database = await CalumaDeployment.CreateDatabaseAsync(primary);
        await using var standby = await PostgresServer.StartReplicaAsync(primary);
        await standby.UntilCaughtUpAsync(primary);

        await using var probe = await StartAsync(database, $"127.0.0.1:{standby.Port}", ("PGTARGETSESSIONATTRS", "read-write"));
        await AssertReasonsAsync(probe, "read-only");
        await using var other = await StartAsync(database, $"127.0.0.1:{primary.Port}", ("PGTARGETSESSIONATTRS", "standby"));
        await AssertReasonsAsync(other, "missing");
        await using var same = await StartAsync(database, $"127.0.0.1:{primary.Port}", ("PGTARGETSESSIONATTRS", "read-write"));
        Assert.Empty((await same.ReportAsync(Databases)).Failed);
    }

    [Fact]
    public async Task A_host_that_refuses_the_password_explains_more_than_one_that_is_down()
    {
        var server = await services.Postgres;
        await using var database = await CalumaDeployment.CreateDatabaseAsync(server);
        var role = $"role_{Guid.NewGuid():N}";
        await server.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'right'");
        using var nobody = new PortReservation();

        var (dead, alive) = ($"127.0.0.1:{nobody.Port}", $"127.0.0.1:{server.Port}");
        foreach (var hosts in new[] { $"{dead},{alive}", $"{alive},{dead}" })
        {
            await using var probe = await StartAsync(database, hosts, ("role", role));
            await AssertReasonsAsync(probe, "auth");
        }
    }

    private static async Task AssertReasonsAsync(RunningProbe probe, string reason)
    {
        probe.Log.Clear();
        await probe.ReportAsync(Databases);
        Assert.Equal([$"databases/default: {reason}", $"database models/default: {reason}"], probe.Reasons());
    }

    private async Task<RunningProbe> StartAsync(PostgresDatabase database, string hosts, params (string Name, string Value)[] others)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = hosts };
        connection.Remove("Port");
        foreach (var (name, value) in others)
        {
            if (name == "role")
            {
                (connection.Username, connection.Password) = (value, "wrong");
            }
            else
            {
                deployment.Settings[name] = value;
            }
        }

        deployment.Settings["Healthz:Databases:default"] = connection.ConnectionString;
        return await deployment.StartProbeAsync();
    }
}
