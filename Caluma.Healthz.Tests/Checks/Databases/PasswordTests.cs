using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>Passwords that PostgreSQL prepares before it hashes them, or not: the probe logs in with each that psql logs in with.</summary>
[Slow]
public sealed class PasswordTests(Services services)
{
    private const string Odd = "abcd123456789123456789¨‑¼###";

    [Theory]
    [InlineData("scram-sha-256", Odd)]
    [InlineData("scram-sha-256", "I\u00ADX")]
    [InlineData("scram-sha-256", "u\u0308ª\u00A0Ⅸ")]
    [InlineData("scram-sha-256", "각\u1100\u1161")]
    [InlineData("scram-sha-256", "ü\u0007")]
    [InlineData("scram-sha-256", "ª😀¼")]
    [InlineData("scram-sha-256", "اب1")]
    [InlineData("scram-sha-256", "\u00AD")]
    [InlineData("md5", Odd)]
    [InlineData("password", Odd)]
    public async Task A_role_logs_in_with_any_password_by_any_method(string method, string password)
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions
        {
            Hba = [$"host all probe 127.0.0.1/32 {method}"],
            Settings = new Dictionary<string, string> { ["password_encryption"] = method == "md5" ? "md5" : "'scram-sha-256'" },
        });
        await using var database = await CalumaDeployment.CreateDatabaseAsync(server);
        await database.ExecuteAsync($"CREATE ROLE probe LOGIN SUPERUSER PASSWORD '{password}'");

        Assert.Empty(await ReasonsAsync(database.ConnectionStringFor("probe", password)));
        Assert.Equal(["databases/default: auth"], await ReasonsAsync(database.ConnectionStringFor("probe", password + "¼")));
    }

    private async Task<IReadOnlyList<string>> ReasonsAsync(string connectionString)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        // No setting may end with an invisible character.
        deployment.Settings["Healthz:Databases:default"] = $"{connectionString};Application Name=probe";
        await using var probe = await deployment.StartProbeAsync();
        var verdict = Assert.Single((await probe.ReportAsync("?check=databases")).Verdicts);
        Assert.StartsWith("databases/default: ", verdict, StringComparison.Ordinal);
        return probe.Reasons();
    }

    [Slow]
    [Native]
    public sealed class Native(Services services)
    {
        private readonly PasswordTests _tests = new(services);

        [Theory]
        [InlineData("scram-sha-256", Odd)]
        [InlineData("scram-sha-256", "u\u0308ª\u00A0Ⅸ")]
        [InlineData("scram-sha-256", "\u00AD")]
        [InlineData("md5", Odd)]
        public Task A_role_logs_in_with_any_password_by_any_method(string method, string password) =>
            _tests.A_role_logs_in_with_any_password_by_any_method(method, password);
    }
}
