using Azure.Core;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public class EntraIdTests(Services services)
{
    [Fact]
    public async Task Each_connection_logs_in_with_the_current_token_of_its_scope()
    {
        await using var database = await CalumaDeployment.CreateDatabaseAsync(services);
        var role = $"entra_{database.Name}";
        await database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'token1'");
        var identity = new FakeIdentity();
        var options = new DatabaseOptions("default", database.ConnectionStringFor(role, null), "the scope");
        await using var dataSource = DatabaseConnections.CreateDataSource(options, TimeSpan.FromSeconds(30), identity);

        await LogInAsync(dataSource);
        await database.ExecuteAsync($"ALTER ROLE {role} PASSWORD 'token2'");
        await LogInAsync(dataSource);

        Assert.Equal(["the scope", "the scope"], identity.Scopes);
    }

    /// <remarks>
    /// The probe takes a token where the name of the host ends like that of an Azure server. Npgsql accepts a folder of sockets as a host,
    /// and the name of a folder may end like that, too.
    /// </remarks>
    [Fact]
    public async Task A_process_logs_in_with_the_token_of_its_identity()
    {
        var folder = Directory.CreateTempSubdirectory();
        folder.UnixFileMode |= UnixFileMode.OtherExecute;
        var sockets = folder.CreateSubdirectory("db.postgres.database.azure.com");
        sockets.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        try
        {
            await LogInThroughAsync(sockets.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task LogInThroughAsync(string sockets)
    {
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions
        {
            Hba = ["local all probe scram-sha-256"],
            Settings = new Dictionary<string, string> { ["unix_socket_directories"] = $"'{sockets}'" },
        });
        await using var database = await CalumaDeployment.CreateDatabaseAsync(server);
        await database.ExecuteAsync("CREATE ROLE probe LOGIN SUPERUSER PASSWORD 'the token'");
        await using var identity = await IdentityEndpoint.StartAsync();
        (identity.Resource, identity.Token) = ("https://ossrdbms-aad.database.windows.net", "the token");
        Dictionary<string, string?> settings = new(identity.Environment())
        {
            ["Healthz:Databases:default"] =
                $"Host={sockets};Port={server.Port};Database={database.Name};Username=probe;SSL Mode=Disable",
            ["Healthz:Timeout"] = "00:00:30",
        };

        await using (var right = await HealthzProcess.RunAsync(settings, ["check", "--check", "databases"]))
        {
            Assert.True(right.ExitCode == ExitCode.Healthy, $"{right.Log}");
        }

        Assert.NotEqual(0, identity.Asked);
        identity.Token = "another token";
        await using var wrong = await HealthzProcess.RunAsync(settings, ["check", "--check", "databases"]);
        Assert.Equal(ExitCode.Unhealthy, wrong.ExitCode);
        Assert.Contains("auth", $"{wrong.Log}", StringComparison.Ordinal);
    }

    private static async Task LogInAsync(NpgsqlDataSource dataSource)
    {
        await using var connection = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Issues token1, then token2, and so on.</summary>
    private sealed class FakeIdentity : TokenCredential
    {
        public List<string> Scopes { get; } = [];

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes.AddRange(requestContext.Scopes);
            return new(new AccessToken($"token{Scopes.Count}", DateTimeOffset.MaxValue));
        }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : EntraIdTests(services);
}
