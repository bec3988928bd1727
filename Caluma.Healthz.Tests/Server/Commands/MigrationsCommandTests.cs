using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Commands;

[Slow]
public class MigrationsCommandTests(Services services)
{
    [Fact]
    public async Task A_database_at_a_release_has_nothing_unapplied()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);

        var result = await RunAsync(database, "Healthz__Migrations__CalumaVersion=auto");

        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        Assert.Equal(["DATABASE,VERDICT,REASON,RELEASE,UNAPPLIED", "default,ok,9.3.3,0"],
            result.Table().Select(columns => string.Join(',', columns)));
    }

    [Fact]
    public async Task Unapplied_migrations_are_listed()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        await database.ExecuteAsync("DELETE FROM django_migrations WHERE app = 'caluma_logging'");

        var result = await RunAsync(database, "Healthz__Migrations__CalumaVersion=9.3.3");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal(
            ["default,failed,behind,9.3.3,1", "default: caluma_logging.0001_initial is unapplied"],
            result.Table().Skip(1).Select(columns => string.Join(',', columns)));
    }

    [Fact]
    public async Task A_database_that_is_down_does_not_stop_the_others()
    {
        using var nobody = new PortReservation();
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);

        var result = await RunAsync(database, $"Healthz__Databases__down=Host=127.0.0.1;Port={nobody.Port}");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Equal(["default,ok,9.3.3,0", "down,failed,connect,0"], result.Table().Skip(1).Select(columns => string.Join(',', columns)));
    }

    [Fact]
    public async Task An_invalid_configuration_exits_with_2()
    {
        var result = await CommandLine.RunAsync(Settings.Of(), "migrations");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Contains("Healthz__Databases__default is not set", result.Error, StringComparison.Ordinal);
    }

    private static Task<CommandLine> RunAsync(PostgresDatabase database, string setting) =>
        CommandLine.RunAsync(Settings.Of($"Healthz__Databases__default={database.ConnectionString}", setting), "migrations");

    [Slow]
    [Native]
    public sealed class Native(Services services) : MigrationsCommandTests(services);
}
