using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>The role of <c>infra/sql/probe-role.sql</c> has all the rights that the probe needs, and no others.</summary>
[Slow]
public sealed class ProbeRoleTests(Services services)
{
    [Fact]
    public async Task All_checks_pass_with_the_role_of_the_script() => Assert.Empty(await FailedAsync());

    [Theory]
    [InlineData(
        "CONNECT ON DATABASE {0}", "database migrations/default: failed", "databases/default: failed", "database models/default: failed")]
    [InlineData("USAGE ON SCHEMA public", "database migrations/default: failed", "database models/default: failed")]
    [InlineData("SELECT ON django_migrations", "database migrations/default: failed")]
    [InlineData("INSERT (\"timestamp\") ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("INSERT (query) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("INSERT (selection) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("INSERT (status_code) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("INSERT (has_error) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("INSERT (operation) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("SELECT (id) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("SELECT (selection) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("SELECT (status_code) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("SELECT (has_error) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("SELECT (operation) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("UPDATE (selection) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("UPDATE (status_code) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("UPDATE (has_error) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("UPDATE (operation) ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("DELETE ON caluma_logging_accesslog", "database models/default: failed")]
    [InlineData("USAGE ON SEQUENCE caluma_logging_accesslog_id_seq", "database models/default: failed")]
    public async Task Each_grant_is_needed(string grant, params string[] failed) => Assert.Equal(failed, await FailedAsync(grant));

    [Theory]
    [InlineData("SELECT query FROM caluma_logging_accesslog")]
    [InlineData("SELECT variables FROM caluma_logging_accesslog")]
    [InlineData("SELECT * FROM pg_authid")]
    [InlineData("INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())")]
    [InlineData("CREATE TABLE mine (id int)")]
    public async Task The_role_may_do_nothing_else(string statement)
    {
        await using var deployment = await DeployAsync();
        await using var connection = new Npgsql.NpgsqlConnection(deployment.Settings["Healthz:Databases:default"] + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(statement, connection);

        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Npgsql.PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Theory]
    [InlineData("CREATE SCHEMA caluma; {0}")]
    [InlineData("CREATE SCHEMA caluma; {0} ALTER DATABASE {1} SET search_path = caluma, public")]
    [InlineData("CREATE SCHEMA \"Caluma's own\"; {0}", "Caluma's own")]
    [InlineData("CREATE SCHEMA caluma; {0} CREATE SCHEMA other; CREATE TABLE other.django_migrations (id int)", "caluma", true)]
    public async Task The_script_finds_the_tables_in_any_schema(string prepare, string schema = "caluma", bool isNamed = false)
    {
        const string move = "ALTER TABLE django_migrations SET SCHEMA {0}; ALTER TABLE caluma_logging_accesslog SET SCHEMA {0};";
        var quoted = $"\"{schema}\"";
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        var sql = prepare
            .Replace("{0}", move.Replace("{0}", quoted, StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("{1}", deployment.Database.Name, StringComparison.Ordinal);
        await GrantAsync(deployment, sql, isNamed ? [("schema", schema)] : []);
        await using var probe = await deployment.StartProbeAsync();

        Assert.Empty((await probe.ReportAsync()).Failed);
    }

    [Theory]
    [InlineData("DROP TABLE django_migrations")]
    [InlineData("CREATE SCHEMA a; CREATE SCHEMA b; ALTER TABLE django_migrations SET SCHEMA a; CREATE TABLE b.django_migrations (id int)")]
    public async Task A_script_that_finds_no_tables_or_several_fails_and_says_why(string prepare)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => GrantAsync(deployment, prepare));

        Assert.Contains("no schema has django_migrations, or several have", failure.Message, StringComparison.Ordinal);
    }

    private async Task<IEnumerable<string>> FailedAsync(string? withoutGrant = null)
    {
        await using var deployment = await DeployAsync();
        if (withoutGrant is not null)
        {
            await deployment.Database.ExecuteAsync(
                $"REVOKE {string.Format(System.Globalization.CultureInfo.InvariantCulture, withoutGrant, deployment.Database.Name)} FROM "
                    + $"{Role(deployment)}");
        }

        await using var probe = await deployment.StartProbeAsync();
        return (await probe.ReportAsync()).Failed;
    }

    /// <remarks>The role gets no right by way of PUBLIC, which has lost the rights that PostgreSQL 14 and earlier give it.</remarks>
    private async Task<CalumaDeployment> DeployAsync()
    {
        var deployment = await CalumaDeployment.CreateAsync(services);
        await GrantAsync(deployment, "");
        return deployment;
    }

    private static async Task GrantAsync(CalumaDeployment deployment, string prepare, params (string Name, string Value)[] variables)
    {
        await deployment.Database.ExecuteAsync(
            $"REVOKE CONNECT ON DATABASE {deployment.Database.Name} FROM PUBLIC; REVOKE ALL ON SCHEMA public FROM PUBLIC; {prepare}");
        var role = Role(deployment);
        await deployment.Database.RunScriptAsync(
            Path.Combine(Repository.Root, "infra", "sql", "probe-role.sql"),
            [("role", role), ("password", "the role's password"), .. variables]);
        deployment.Settings["Healthz:Databases:default"] = deployment.Database.ConnectionStringFor(role, "the role's password");
    }

    private static string Role(CalumaDeployment deployment) => $"probe_{deployment.Database.Name}";
}
