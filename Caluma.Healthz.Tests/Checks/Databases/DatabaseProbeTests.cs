using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public sealed class DatabaseProbeTests(Services services)
{
    private const string ApplicationName = "caluma-healthz";
    private const string AllDatabaseChecks = "?check=databases&check=database-migrations&check=database-models";

    [Fact]
    public async Task A_run_makes_one_connection_and_leaves_none_open()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var probe = await deployment.StartProbeAsync();
        var before = await deployment.Database.CountSessionsAsync();

        Assert.Equal(200, (await probe.ReportAsync()).Status);

        await NoConnectionIsLeftAsync(deployment.Database);
        Assert.Equal(1, await deployment.Database.CountSessionsAsync() - before);
    }

    [Fact]
    public async Task Runs_leave_nothing_in_the_access_log()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var probe = await deployment.StartProbeAsync();

        Assert.Equal(200, (await probe.ReportAsync()).Status);

        Assert.Equal(0, await deployment.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog"));
    }

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Overloaded)]
    public async Task A_lock_on_the_models_table_fails_only_the_models_and_says_busy()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Timeout = 3 * CalumaDeployment.HangTimeout;
        await using var probe = await deployment.StartProbeAsync();
        await using var held = await TableLock.TakeAsync(deployment.Database, "caluma_logging_accesslog");

        var report = await probe.ReportAsync();

        Assert.Equal(503, report.Status);
        Assert.Equal(["database models/default: failed"], report.Failed);
        Assert.Contains(probe.Log.GetSnapshot(), record => record.Message.Contains("reason=busy", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lock_on_the_migrations_table_leaves_the_models_their_turn()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Timeout = CalumaDeployment.HangTimeout;
        await using var probe = await deployment.StartProbeAsync();
        await using var held = await TableLock.TakeAsync(deployment.Database, "django_migrations");

        var report = await probe.ReportAsync(AllDatabaseChecks);

        Assert.Equal(["database migrations/default: failed"], report.Failed);
    }

    [Fact]
    public async Task Runs_against_a_locked_table_do_not_pile_up_on_the_server()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Timeout"] = "00:00:00.2";
        await using var probe = await deployment.StartProbeAsync();
        await using var held = await TableLock.TakeAsync(deployment.Database, "caluma_logging_accesslog");

        for (var run = 0; run < 20; run++)
        {
            Assert.Equal(503, (await probe.ReportAsync(AllDatabaseChecks)).Status);
            Assert.InRange(await deployment.Database.CountConnectionsAsync(ApplicationName), 0, 3);
        }

        // Still locked: a waiting session must give up by itself.
        await NoConnectionIsLeftAsync(deployment.Database);
    }

    [Fact]
    public async Task The_access_log_is_never_scanned()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync(
            """
            INSERT INTO caluma_logging_accesslog ("timestamp", query, status_code, has_error, operation)
            SELECT now(), 'query', 200, false, 'query' FROM generate_series(1, 100000);
            ANALYZE caluma_logging_accesslog;
            """);
        await using var probe = await deployment.StartProbeAsync();
        var before = await ScansAsync(deployment.Database);

        Assert.Equal(200, (await probe.ReportAsync()).Status);

        await NoConnectionIsLeftAsync(deployment.Database);
        var after = await ScansAsync(deployment.Database);
        Assert.Equal(before.Sequential, after.Sequential);
        Assert.Equal(5, after.Index - before.Index);
    }

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.ReadOnly)]
    public async Task A_hot_standby_fails_only_the_models()
    {
        await using var primary = await PostgresServer.StartNewAsync();
        await using var database = await CalumaDeployment.CreateDatabaseAsync(primary);
        await using var replica = await PostgresServer.StartReplicaAsync(primary);
        await replica.UntilCaughtUpAsync(primary);
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:default"] = replica.ConnectionString(database.Name);
        await using var probe = await deployment.StartProbeAsync();

        var report = await probe.ReportAsync();

        Assert.Equal(["database models/default: failed"], report.Failed);
        Assert.Contains(probe.Log.GetSnapshot(), record => record.Message.Contains("reason=read-only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_comes_back_changed_fails_the_models_and_is_rolled_back()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync(
            """
            CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.selection := 'meddled'; RETURN NEW; END $$;
            CREATE TRIGGER meddle BEFORE INSERT ON caluma_logging_accesslog FOR EACH ROW EXECUTE FUNCTION meddle();
            """);
        await using var probe = await deployment.StartProbeAsync();

        var report = await probe.ReportAsync();

        Assert.Equal(["database models/default: failed"], report.Failed);
        Assert.Contains(probe.Log.GetSnapshot(), record => record.Message.Contains("reason=mismatch", StringComparison.Ordinal));
        Assert.Equal(0, await deployment.Database.ScalarAsync<long>("SELECT count(*) FROM caluma_logging_accesslog"));
    }

    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Full, SystemFault.ReadOnly)]
    // 2200H
    [InlineData("ALTER SEQUENCE caluma_logging_accesslog_id_seq MAXVALUE 10; SELECT setval('caluma_logging_accesslog_id_seq', 10)", "full")]
    [InlineData(
        "ALTER SEQUENCE caluma_logging_accesslog_id_seq AS bigint MAXVALUE 9223372036854775807; SELECT "
            + "setval('caluma_logging_accesslog_id_seq', 2147483647)",
        "full")] // 22003
    [InlineData(
        "INSERT INTO caluma_logging_accesslog (id, \"timestamp\", query, status_code, has_error, operation) VALUES (1, now(), '', 200, "
            + "false, '')",
        "mismatch")] // 23505
    [InlineData("ALTER TABLE caluma_logging_accesslog ADD new int NOT NULL", "mismatch")] // 23502
    [InlineData("ALTER TABLE caluma_logging_accesslog ALTER selection TYPE varchar(5)", "mismatch")] // 22001
    [InlineData("ALTER TABLE caluma_logging_accesslog DROP selection", "missing")] // 42703
    [InlineData("ALTER TABLE caluma_logging_accesslog RENAME TO other", "missing")] // 42P01
    [InlineData("ALTER DATABASE {0} SET default_transaction_read_only = on", "read-only")] // 25006
    public async Task What_is_wrong_with_the_access_log_has_its_reason(string sql, string reason)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await deployment.Database.ExecuteAsync(sql.Replace("{0}", deployment.Database.Name, StringComparison.Ordinal));
        await using var probe = await deployment.StartProbeAsync();

        await probe.ReportAsync(AllDatabaseChecks);

        Assert.Equal([$"database models/default: {reason}"], probe.Reasons());
    }

    [Fact]
    public async Task Each_database_is_judged_by_its_own_migrations_and_models()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var archive = await services.CreateDatabaseAsync();
        deployment.Settings["Healthz:Databases:archive"] = archive.ConnectionString;
        await using var probe = await deployment.StartProbeAsync();

        var report = await probe.ReportAsync();

        Assert.Equal(["database migrations/archive: failed", "database models/archive: failed"], report.Failed);
    }

    private static Task NoConnectionIsLeftAsync(PostgresDatabase database) => Deadline.UntilAsync(
        "the connections of the probe are gone", async () => await database.CountConnectionsAsync(ApplicationName) == 0);

    private static async Task<(long Sequential, long Index)> ScansAsync(PostgresDatabase database) => (
        await database.ScalarAsync<long>("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'caluma_logging_accesslog'"),
        await database.ScalarAsync<long>("SELECT idx_scan FROM pg_stat_user_tables WHERE relname = 'caluma_logging_accesslog'"));
}
