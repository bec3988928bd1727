using System.Text;
using Azure.Core;
using Caluma.Healthz.Checks.Databases;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Configuration;

namespace Caluma.Healthz.Tests.Checks.Databases;

/// <summary>
/// Refusals of servers that cannot run here, sent by a server in this process: the ErrorResponse of the protocol
/// (https://www.postgresql.org/docs/current/protocol-message-formats.html) with codes and texts from the source of each.
/// </summary>
public sealed class ReplayedRefusalTests
{
    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Full, SystemFault.Overloaded)]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Refused, SystemFault.Full)]
    // PgBouncer 1.24
    [InlineData("08P01", "server login has been failing, cached error: connect failed (server_login_retry)", Reason.Connect)]
    [InlineData("08P01", "server login has been failing, cached error: server DNS lookup failed (server_login_retry)", Reason.Dns)]
    [InlineData("08P01", "client connections exceeded (max_db_client_connections)", Reason.Full)] // PgBouncer 1.24
    [InlineData("08P01", "no such database: caluma", Reason.Missing)]
    [InlineData("08P01", "unsupported startup parameter: search_path", Reason.Protocol)]
    [InlineData("XX000", "Tenant or user not found", Reason.Auth)] // Supavisor
    [InlineData("XX000", "Max client connections reached", Reason.Full)] // Supavisor
    // Azure
    [InlineData("28000", "no pg_hba.conf entry for host \"10.0.0.1\", user \"caluma\", database \"caluma\", no encryption", Reason.Tls)]
    [InlineData("28000", "PAM authentication failed for user \"caluma\"", Reason.Auth)] // RDS with IAM
    [InlineData("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute", Reason.Full)]
    [InlineData("54000", "database is not accepting commands to avoid wraparound data loss in database \"caluma\"", Reason.Full)]
    [InlineData("55000", "database \"caluma\" is not currently accepting connections", Reason.Busy)]
    [InlineData("57P03", "the database system is in recovery mode", Reason.Busy)]
    [InlineData("22023", "invalid value for parameter \"TimeZone\": \"Nowhere\"", Reason.Missing)]
    public async Task A_refusal_at_the_login_has_its_reason(string sqlState, string message, Reason reason)
    {
        var fields = Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C{sqlState}\0M{message}\0\0");
        byte[] response = [(byte)'E', 0, 0, (byte)((fields.Length + 4) >> 8), (byte)(fields.Length + 4), .. fields];
        await using var server = FaultServer.Start(FaultMode.Answering(response));
        var options = Settings.ReadOptions(
            $"Healthz__Databases__default=postgres://caluma:p@127.0.0.1:{server.Port}/caluma?sslmode=disable");

        var inspection = Assert.Single(
            await MigrationInspection.InspectAsync(options, new NoIdentity(), TestContext.Current.CancellationToken));

        Assert.Equal(reason, inspection.Reason);
    }

    private sealed class NoIdentity : TokenCredential
    {
        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
