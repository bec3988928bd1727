using Azure.Core;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Npgsql;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public sealed class EntraIdTests(Services services)
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
}
