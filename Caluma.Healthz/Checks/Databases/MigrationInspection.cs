using Azure.Core;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Migrations;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>The state of one database's migrations, in more detail than the report has.</summary>
/// <param name="Alias">The database.</param>
/// <param name="Reason">Why the check fails; null where it passes.</param>
/// <param name="Release">The expected release; null where the database could not be read, or a plan file says what to expect.</param>
/// <param name="Unapplied">The migrations that the release expects and the database lacks.</param>
internal sealed record MigrationInspection(string Alias, Reason? Reason, string? Release, IReadOnlyList<Migration> Unapplied)
{
    /// <summary>Inspects all configured databases in parallel, each within the timeout.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <param name="options">The options.</param>
    /// <param name="identity">The identity of the process, for databases that log in with its token.</param>
    /// <param name="cancellationToken">Cancels the inspection.</param>
    public static Task<MigrationInspection[]> InspectAsync(
        HealthzOptions options, TokenCredential identity, CancellationToken cancellationToken) =>
        Task.WhenAll(options.Databases.Select(database => InspectAsync(database, options, identity, cancellationToken)));

    private static async Task<MigrationInspection> InspectAsync(
        DatabaseOptions database, HealthzOptions options, TokenCredential identity, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Timeout);
        try
        {
            await using var login = new DatabaseLogin(database, options.Timeout, identity);
            await using var connection = await login.OpenConnectionAsync(deadline.Token);
            var verdict = options.Migrations.Compare(await AppliedMigrations.ReadAsync(connection, options.Timeout, deadline.Token));
            return new MigrationInspection(database.Alias, verdict.Reason, verdict.Release, verdict.Unapplied);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new MigrationInspection(database.Alias, DatabaseFailure.ReasonFor(exception), null, []);
        }
    }
}
