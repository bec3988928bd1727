using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public sealed class PgBouncerTests(Services services)
{
    [Theory]
    [Holds(ProbedSystem.PgBouncer, SystemFault.WrongCredentials)]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    [InlineData("plain")]
    public async Task A_wrong_password_differs_from_an_unknown_database(string method)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var pooler = await PgBouncerServer.StartNewAsync(deployment.Database, new PgBouncerOptions
        {
            Settings = new Dictionary<string, string> { ["auth_type"] = method },
            Users = new Dictionary<string, string> { ["probe"] = "ri­ght¼" },
        });

        Assert.Equal([], await ReasonsAsync(deployment, pooler.ConnectionStringFor("probe", "ri­ght¼")));
        Assert.Equal(["auth"], await ReasonsAsync(deployment, pooler.ConnectionStringFor("probe", "wrong")));
        Assert.Equal(["auth"], await ReasonsAsync(deployment, pooler.ConnectionStringFor("nobody", "wrong")));
        Assert.Equal(["missing"], await ReasonsAsync(deployment, pooler.ConnectionStringFor("probe", "ri­ght¼", "nowhere")));
    }

    [Theory]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Full)]
    [InlineData("max_client_conn", "1")]
    [InlineData("query_wait_timeout", "1")]
    public async Task A_pooler_without_a_free_connection_is_full(string setting, string value)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var pooler = await PgBouncerServer.StartNewAsync(
            deployment.Database, new PgBouncerOptions { Settings = new Dictionary<string, string> { [setting] = value } });
        await using var other = new Npgsql.NpgsqlConnection(pooler.ConnectionString + ";Pooling=false;No Reset On Close=true;Timezone=");
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("SELECT 1", other, transaction);
        await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["full"], await ReasonsAsync(deployment, pooler.ConnectionString));
    }

    [Fact]
    public async Task Runs_pass_through_a_pooler_in_transaction_mode_and_leave_no_prepared_statement_or_setting_behind()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var pooler = await PgBouncerServer.StartNewAsync(deployment.Database);
        deployment.Settings["Healthz:Databases:default"] = pooler.ConnectionString;
        await using var probe = await deployment.StartProbeAsync();

        for (var run = 0; run < 3; run++)
        {
            Assert.Empty((await probe.ReportAsync()).Failed);
        }

        // The pooler has a single connection, so this session served the runs.
        await using var session = new Npgsql.NpgsqlConnection(pooler.ConnectionString + ";Pooling=false;No Reset On Close=true;Timezone=");
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "SELECT (SELECT count(*) FROM pg_prepared_statements) || ' ' || current_setting('lock_timeout') || ' ' || "
                + "current_setting('statement_timeout')",
            session);
        Assert.Equal("0 0 0", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<IEnumerable<string>> ReasonsAsync(CalumaDeployment deployment, string connectionString)
    {
        deployment.Settings["Healthz:Databases:default"] = connectionString;
        await using var probe = await deployment.StartProbeAsync();
        await probe.ReportAsync("?check=databases");
        return probe.Reasons().Select(reason => reason.Split(": ")[1]);
    }
}
