using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Does the same as <see cref="AccessLogRow"/> with a row of Django's content types, for deployments without an access log: Caluma before
/// 6.7.0, or as a library without <c>caluma.caluma_logging</c>. All 109 releases since 5.0.0 have this small table with these columns. No
/// other session sees the row.
/// </summary>
internal static class ContentTypeRow
{
    private const string AppLabel = "healthz";

    /// <returns>Null where all went well.</returns>
    public static async Task<Reason?> ExerciseAsync(NpgsqlConnection connection, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var created = $"healthz {Guid.NewGuid()}";
        var updated = $"healthz {Guid.NewGuid()}";
        const string Read = "SELECT model FROM django_content_type WHERE app_label = $1 AND model = $2";
        await using (var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                DatabaseConnections.SetTransactionTimeouts(time),
                Command("INSERT INTO django_content_type (app_label, model) VALUES ($1, $2)", AppLabel, created),
                Command(Read, AppLabel, created),
                Command("UPDATE django_content_type SET model = $3 WHERE app_label = $1 AND model = $2", AppLabel, created, updated),
                Command(Read, AppLabel, updated),
                Command("DELETE FROM django_content_type WHERE app_label = $1 AND model = $2", AppLabel, updated),
                Command(Read, AppLabel, updated),
            },
        })
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            if (await ReadAsync(reader, cancellationToken) != created
                || !await reader.NextResultAsync(cancellationToken) || await ReadAsync(reader, cancellationToken) != updated
                || !await reader.NextResultAsync(cancellationToken) || await ReadAsync(reader, cancellationToken) is not null)
            {
                return Reason.Mismatch;
            }
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static async Task<string?> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken) ? reader.GetString(0) : null;

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<string> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }

        return command;
    }
}
