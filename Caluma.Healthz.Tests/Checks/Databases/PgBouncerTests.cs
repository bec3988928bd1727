using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public sealed class PgBouncerTests(Services services)
{
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

        // The pooler has one connection, so this is the session that served the runs.
        await using var session = new Npgsql.NpgsqlConnection(pooler.ConnectionString + ";Pooling=false;No Reset On Close=true;Timezone=");
        await session.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "SELECT (SELECT count(*) FROM pg_prepared_statements) || ' ' || current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')",
            session);
        Assert.Equal("0 0 0", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }
}
