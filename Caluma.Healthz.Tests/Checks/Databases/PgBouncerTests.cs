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
    [Holds(ProbedSystem.PgBouncer, SystemFault.NoTls)]
    public async Task TLS_on_one_side_only_fails_with_tls()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var plain = await PgBouncerServer.StartNewAsync(deployment.Database);
        await using var secure = await PgBouncerServer.StartNewAsync(
            deployment.Database, new PgBouncerOptions { Certificate = certificate });

        Assert.Equal(["tls"], await ReasonsAsync(deployment, $"{plain.ConnectionString};SSL Mode=Require"));
        Assert.Equal(["tls"], await ReasonsAsync(deployment, $"{secure.ConnectionString};SSL Mode=Disable"));
        Assert.Empty(await ReasonsAsync(deployment, $"{secure.ConnectionString};SSL Mode=Require"));
    }

    [Fact]
    [Holds(ProbedSystem.PgBouncer, SystemFault.UntrustedCertificate, SystemFault.ExpiredCertificate)]
    public async Task A_certificate_that_is_not_valid_is_refused_until_it_is_renewed()
    {
        using var expired = SelfSignedCertificate.Create(hasExpired: true);
        using var untrusted = SelfSignedCertificate.Create();
        using var renewed = SelfSignedCertificate.Create();
        var root = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                root, expired.ExportCertificatePem() + "\n" + renewed.ExportCertificatePem(), TestContext.Current.CancellationToken);
            await using var deployment = await CalumaDeployment.CreateAsync(services);
            await using var pooler = await PgBouncerServer.StartNewAsync(
                deployment.Database, new PgBouncerOptions { Certificate = expired });
            var connection = $"{pooler.ConnectionString};SSL Mode=VerifyCA;Root Certificate={root}";

            Assert.Equal(["tls"], await ReasonsAsync(deployment, connection));
            await pooler.RenewAsync(untrusted);
            Assert.Equal(["tls"], await ReasonsAsync(deployment, connection));
            await pooler.RenewAsync(renewed);
            Assert.Empty(await ReasonsAsync(deployment, connection));
        }
        finally
        {
            File.Delete(root);
        }
    }

    [Fact]
    [Holds(ProbedSystem.PgBouncer, SystemFault.ReadOnly)]
    public async Task A_database_behind_a_pooler_that_takes_no_writes_fails_only_the_models()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);

        // A connection of the pooler keeps the defaults that it began with.
        await using var pooler = await PgBouncerServer.StartNewAsync(
            deployment.Database, new PgBouncerOptions { Settings = new Dictionary<string, string> { ["server_lifetime"] = "0" } });
        deployment.Settings["Healthz:Databases:default"] = pooler.ConnectionString;
        await using var probe = await deployment.StartProbeAsync();

        await deployment.Database.ExecuteAsync($"ALTER DATABASE {deployment.Database.Name} SET default_transaction_read_only = on");
        Assert.Equal(["database models/default: failed"], (await probe.ReportAsync()).Failed);
        Assert.Equal(["read-only"], probe.ReasonCodes());

        await deployment.Database.Server.ExecuteAsync($"ALTER DATABASE {deployment.Database.Name} RESET default_transaction_read_only");
        Assert.Empty((await probe.ReportAsync()).Failed);
    }

    [Fact]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Overloaded)]
    public async Task A_lock_on_the_models_table_behind_a_pooler_fails_only_the_models_and_says_busy()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var pooler = await PgBouncerServer.StartNewAsync(deployment.Database);
        deployment.Settings["Healthz:Databases:default"] = pooler.ConnectionString;
        deployment.Timeout = 3 * CalumaDeployment.HangTimeout;
        await using var probe = await deployment.StartProbeAsync();

        await using (await TableLock.TakeAsync(deployment.Database, "caluma_logging_accesslog"))
        {
            Assert.Equal(["database models/default: failed"], (await probe.ReportAsync()).Failed);
            Assert.Equal(["busy"], probe.ReasonCodes());
        }

        Assert.Empty((await probe.ReportAsync()).Failed);
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
        return probe.ReasonCodes();
    }
}
