using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Migrations;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>Deployments without an access log: Caluma before 6.7.0, or as a library without <c>caluma.caluma_logging</c>.</summary>
[Slow]
public sealed class LibraryDeploymentTests(Services services)
{
    // As Django 3.2 creates it; a dump of a real deployment has the same columns and constraints.
    private const string ContentTypes =
        """
        CREATE TABLE IF NOT EXISTS django_content_type
            (id serial PRIMARY KEY, app_label varchar(100) NOT NULL, model varchar(100) NOT NULL, UNIQUE (app_label, model));
        """;

    private const string WithoutAccessLog =
        $"{ContentTypes} DROP TABLE caluma_logging_accesslog; DELETE FROM django_migrations WHERE app = 'caluma_logging';";

    [Theory]
    [InlineData("9.3.3")]
    [InlineData("12.7.0")]
    [InlineData("10.1.1")]
    [InlineData("7.15.2")]
    [InlineData("6.6.0")]
    [InlineData("5.0.0")]
    public async Task All_checks_pass_and_nothing_is_left(string version)
    {
        await using var deployment = await DeployAsync(WithoutAccessLog, version);
        await using var probe = await deployment.StartProbeAsync();

        for (var run = 0; run < 2; run++)
        {
            Assert.Empty((await probe.ReportAsync()).Failed);
        }

        Assert.Equal(0, await deployment.Database.ScalarAsync<long>("SELECT count(*) FROM django_content_type"));
    }

    [Fact]
    public async Task A_dropped_table_whose_migration_is_applied_is_missing()
    {
        await using var deployment = await DeployAsync($"{ContentTypes} DROP TABLE caluma_logging_accesslog");

        Assert.Equal(["database models/default: missing"], await ReasonsAsync(deployment));
    }

    [Fact]
    public async Task A_configured_release_with_an_access_log_misses_it()
    {
        await using var deployment = await DeployAsync(WithoutAccessLog);
        deployment.Settings["Healthz:Migrations:CalumaVersion"] = "9.3.3";

        Assert.Equal(["database migrations/default: behind", "database models/default: missing"], await ReasonsAsync(deployment));
    }

    [Fact]
    public async Task A_configured_release_without_an_access_log_does_not_miss_it()
    {
        await using var deployment = await DeployAsync(WithoutAccessLog, "6.6.0");
        deployment.Settings["Healthz:Migrations:CalumaVersion"] = "6.6.0";

        Assert.Empty(await ReasonsAsync(deployment));
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_misses_both_tables()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        await using var empty = await services.CreateDatabaseAsync();
        deployment.Settings["Healthz:Databases:default"] = empty.ConnectionString;

        Assert.Equal(["database migrations/default: missing", "database models/default: missing"], await ReasonsAsync(deployment));
    }

    [Fact]
    public async Task An_app_that_is_removed_while_the_probe_runs_is_not_missed()
    {
        await using var deployment = await DeployAsync(ContentTypes);
        await using var probe = await deployment.StartProbeAsync();

        Assert.Empty((await probe.ReportAsync()).Failed);
        await deployment.Database.ExecuteAsync(WithoutAccessLog);
        Assert.Empty((await probe.ReportAsync()).Failed);
    }

    [Theory]
    [InlineData("UPDATE", "mismatch")]
    [InlineData("INSERT", "mismatch")]
    public async Task A_row_that_comes_back_changed_fails_the_models(string when, string reason)
    {
        await using var deployment = await DeployAsync(
            $"""
            {WithoutAccessLog}
            CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.model := 'meddled'; RETURN NEW; END $$;
            CREATE TRIGGER meddle BEFORE {when} ON django_content_type FOR EACH ROW EXECUTE FUNCTION meddle();
            """);

        Assert.Equal([$"database models/default: {reason}"], await ReasonsAsync(deployment));
        Assert.Equal(0, await deployment.Database.ScalarAsync<long>("SELECT count(*) FROM django_content_type"));
    }

    [Fact]
    public async Task The_role_of_the_script_is_enough()
    {
        await using var deployment = await DeployAsync(
            $"{WithoutAccessLog} REVOKE ALL ON SCHEMA public FROM PUBLIC; CREATE TABLE elsewhere (id int)");
        var role = $"probe_{deployment.Database.Name}";
        await deployment.Database.RunScriptAsync(
            Path.Combine(Repository.Root, "infra", "sql", "probe-role.sql"), ("role", role), ("password", "the role's password"));
        deployment.Settings["Healthz:Databases:default"] = deployment.Database.ConnectionStringFor(role, "the role's password");

        Assert.Empty(await ReasonsAsync(deployment));
    }

    private static async Task<IReadOnlyList<string>> ReasonsAsync(CalumaDeployment deployment)
    {
        await using var probe = await deployment.StartProbeAsync();
        await probe.ReportAsync("?check=databases&check=database-migrations&check=database-models");
        return [.. probe.Reasons().Order(StringComparer.Ordinal)];
    }

    /// <summary>The sample of 9.3.3 with the migrations of another release and further changes.</summary>
    private async Task<CalumaDeployment> DeployAsync(string sql, string version = "9.3.3")
    {
        var deployment = await CalumaDeployment.CreateAsync(services);
        var rows = Applied.At(version).Select(migration => $"('{migration.App}', '{migration.Name}', now())");
        await deployment.Database.ExecuteAsync(
            $"DELETE FROM django_migrations; INSERT INTO django_migrations (app, name, applied) VALUES {string.Join(", ", rows)}; {sql}");
        return deployment;
    }
}
