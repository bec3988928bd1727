using Azure.Core;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Migrations;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Answers the three database checks on one fresh, unpooled connection. A pooled one would hide a server that refuses new
/// logins, fail falsely after a restart, and stay open between runs.
/// </summary>
internal sealed class DatabaseProbe(DatabaseOptions options, IMigrationExpectation expectation, TimeSpan timeout, TokenCredential identity)
    : IProbe, IAsyncDisposable
{
    private readonly DatabaseLogin _login = new(options, timeout, identity);
    private readonly bool _wantsStandby =
        new NpgsqlConnectionStringBuilder(options.ConnectionString).TargetSessionAttributes is "standby" or "read-only";

    private readonly ModelsRow _models = new(needsAccessLog: expectation.Expects("caluma_logging"));

    public string Target => options.Alias;

    public IReadOnlyList<string> HostNames { get; } = NameLookups.NamesOf(DatabaseHosts.Of(options.ConnectionString));

    /// <remarks>The models come last: a lock on their table must not take the other two down.</remarks>
    public IReadOnlyList<Check> Checks { get; } = [Check.Databases, Check.DatabaseMigrations, Check.DatabaseModels];

    public async Task RunAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        var connection = await _login.OpenConnectionAsync(cancellationToken);
        await using (connection)
        {
            await AnswerAsync(Check.Databases, async () =>
            {
                await using var command = new NpgsqlCommand("SELECT 1", connection);
                return await command.ExecuteScalarAsync(cancellationToken) is 1 ? null : Reason.Protocol;
            });

            await AnswerAsync(Check.DatabaseMigrations, async () =>
            {
                // Half of the time that is left, so that a lock on django_migrations leaves time for the models.
                var applied = await AppliedMigrations.ReadAsync(connection, run.Remaining / 2, cancellationToken);
                return expectation.Compare(applied).Reason;
            });

            await AnswerAsync(Check.DatabaseModels, () => _models.ExerciseAsync(connection, run.Remaining, cancellationToken));
        }

        async Task AnswerAsync(Check check, Func<Task<Reason?>> examine)
        {
            if (!run.Wants(check))
            {
                return;
            }

            try
            {
                run.Answer(check, await examine());
            }
            catch (PostgresException exception) when (connection.State == System.Data.ConnectionState.Open)
            {
                // The server refused this statement and takes the next.
                run.Fail(check, run.Explain(exception));
            }
        }
    }

    /// <remarks>A standby that is wanted and not there is missing; the server is not read-only.</remarks>
    public Reason ReasonFor(Exception exception) => DatabaseFailure.ReasonFor(exception) switch
    {
        Reason.ReadOnly when _wantsStandby && exception is not PostgresException => Reason.Missing,
        var reason => reason,
    };

    public ValueTask DisposeAsync() => _login.DisposeAsync();
}
