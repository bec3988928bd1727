using Caluma.Healthz.Migrations;
using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>Reads what Django has recorded as applied in a database.</summary>
internal static class AppliedMigrations
{
    public static async Task<IReadOnlySet<Migration>> ReadAsync(
        NpgsqlConnection connection, TimeSpan time, CancellationToken cancellationToken)
    {
        // A batch without an explicit transaction is one implicit transaction, and one round trip.
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                DatabaseConnections.SetTransactionTimeouts(time),
                new NpgsqlBatchCommand("SELECT app, name FROM django_migrations"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);

        var applied = new HashSet<Migration>();
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new Migration(reader.GetString(0), reader.GetString(1)));
        }

        return applied;
    }
}
