using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using static Caluma.Healthz.Tests.Scenarios.Scenario;

namespace Caluma.Healthz.Tests.Scenarios;

[Slow]
public class DatabaseScenarios(Services services)
{
    private const string Databases = "databases/default";
    private const string Migrations = "database migrations/default";
    private const string Models = "database models/default";

    private static readonly string[] _twoDatabases =
    [
        "media storage service", "caches/default", "database migrations/archive", Migrations, "databases/archive", Databases,
        "database models/archive", Models,
    ];

    internal static readonly ScenarioTable Recorded =
    [
        new("db-down", Failing(Migrations, Databases, Models))
        {
            Reason = Reason.Connect,
            TestedBy = nameof(A_database_that_goes_down_fails_until_it_is_back),
        },
        new("db-hang", null)
        {
            Differs = Failing(Migrations, Databases, Models),
            Because = "a hang is a failure, in time",
            Reason = Reason.Timeout,
            Set = caluma => caluma.SetDatabase(port: caluma.HangingPort),
        },
        new("db-limited-role-all-granted", Healthy)
        {
            Arrange = caluma => LimitAsync(caluma, ("ALL", "caluma_logging_accesslog"), ("ALL", "django_migrations")),
        },
        new("db-migrations-select-only", Healthy)
        {
            Arrange = caluma => LimitAsync(caluma, ("ALL", "caluma_logging_accesslog"), ("SELECT", "django_migrations")),
        },
        new("db-read-denied", Failing(Models))
        {
            Reason = Reason.Permission,
            Arrange = caluma => LimitAsync(caluma, ("INSERT, UPDATE, DELETE", "caluma_logging_accesslog"), ("ALL", "django_migrations")),
        },
        new("db-table-locked-10s", Healthy)
        {
            Differs = Failing(Models),
            Because = "a lock fails what needs the table, in time",
            Reason = Reason.Busy,
            TestedBy = nameof(A_lock_on_the_models_table_fails_the_models_until_it_is_gone),
        },
        new("db-table-missing", Failing(Models))
        {
            Reason = Reason.Missing,
            Arrange = caluma => caluma.Database.ExecuteAsync("DROP TABLE caluma_logging_accesslog"),
        },
        new("db-unresolvable-host", Failing(Migrations, Databases, Models))
        {
            Reason = Reason.Dns,
            Set = caluma => caluma.SetDatabase(host: "not-db.invalid"),
        },
        new("db-write-denied", Failing(Models))
        {
            Reason = Reason.Permission,
            Arrange = caluma => LimitAsync(caluma, ("SELECT", "caluma_logging_accesslog"), ("ALL", "django_migrations")),
        },
        new("db-wrong-password", Failing(Migrations, Databases, Models))
        {
            Reason = Reason.Auth,
            Arrange = async caluma => caluma.SetDatabase(user: await CreateRoleAsync(caluma), password: "wrong"),
        },
        new("two-databases", Answer(200, _twoDatabases))
        {
            Arrange = async caluma => AddDatabase(caluma, await CalumaDeployment.CreateDatabaseAsync(caluma.Services)),
        },
        new("two-databases-default-behind", Answer(503, _twoDatabases, [.. _twoDatabases.Where(NeedsTables)]))
        {
            Reason = Reason.Missing,
            Arrange = async caluma =>
            {
                await caluma.Database.ExecuteAsync("DROP TABLE caluma_logging_accesslog, django_migrations");
                AddDatabase(caluma, await caluma.Services.CreateDatabaseAsync());
            },
        },
        new("two-databases-second-behind", Answer(200, _twoDatabases))
        {
            Differs = Answer(503, _twoDatabases, "database migrations/archive", "database models/archive"),
            Because = "each database is looked at, where Caluma looks at the default one twice",
            Reason = Reason.Missing,
            Arrange = async caluma => AddDatabase(caluma, await caluma.Services.CreateDatabaseAsync()),
        },
    ];

    public static TheoryData<string> Arranged => Recorded.Arranged;

    [Theory]
    [MemberData(nameof(Arranged))]
    public Task The_probe_answers_as_Caluma_did_or_better(string scenario) => Arrangement.TestAsync(services, Recorded[scenario]);

    [Fact]
    public async Task A_database_that_goes_down_fails_until_it_is_back()
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        var postgres = caluma.Own(await PostgresServer.StartNewAsync());
        var database = await CalumaDeployment.CreateDatabaseAsync(postgres);
        caluma.Settings["Healthz:Databases:default"] = database.ConnectionString;
        await using var probe = await caluma.StartProbeAsync();

        await Arrangement.AssertHealthyAsync(probe);
        await postgres.StopAsync();
        await Arrangement.AssertAsync(Recorded["db-down"], probe);
        await postgres.StartAsync();
        await Arrangement.AssertHealthyAsync(probe);
    }

    [Fact]
    public async Task A_lock_on_the_models_table_fails_the_models_until_it_is_gone()
    {
        await using var caluma = await Arrangement.CreateAsync(services);
        caluma.GiveUpSoon();
        await using var probe = await caluma.StartProbeAsync();

        await using (await TableLock.TakeAsync(caluma.Database, "caluma_logging_accesslog"))
        {
            await Arrangement.AssertAsync(Recorded["db-table-locked-10s"], probe);
        }

        await Arrangement.AssertHealthyAsync(probe);
        await caluma.AssertNothingIsLeftAsync();
    }

    private static bool NeedsTables(string target) => target.StartsWith("database m", StringComparison.Ordinal);

    private static void AddDatabase(Arrangement caluma, PostgresDatabase database) =>
        caluma.Settings["Healthz:Databases:archive"] = caluma.Own(database).ConnectionString;

    /// <summary>Makes the probe log in as a role with only these rights.</summary>
    private static async Task LimitAsync(Arrangement caluma, params (string Privileges, string Table)[] grants)
    {
        var role = await CreateRoleAsync(caluma);
        await caluma.Database.ExecuteAsync($"GRANT USAGE ON caluma_logging_accesslog_id_seq TO {role}");
        foreach (var (privileges, table) in grants)
        {
            await caluma.Database.ExecuteAsync($"GRANT {privileges} ON {table} TO {role}");
        }

        caluma.SetDatabase(user: role, password: "right");
    }

    private static async Task<string> CreateRoleAsync(Arrangement caluma)
    {
        var role = $"role_{caluma.Database.Name}";
        await caluma.Database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'right'");
        return role;
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : DatabaseScenarios(services);
}
