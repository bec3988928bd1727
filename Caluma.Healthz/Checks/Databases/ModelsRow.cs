using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>Exercises the models of a deployment on the table that it has for it: the access log, or else Django's content types.</summary>
/// <param name="needsAccessLog">Whether a deployment without an access log is one that lacks a table.</param>
internal sealed class ModelsRow(bool needsAccessLog)
{
    // Looked for until it was found once: a table that is there mostly stays, and a run is spared the question.
    private volatile bool _hasAccessLog;

    /// <returns>Null where all went well.</returns>
    public async Task<Reason?> ExerciseAsync(NpgsqlConnection connection, TimeSpan time, CancellationToken cancellationToken)
    {
        if (!needsAccessLog && !_hasAccessLog && !(_hasAccessLog = await HasAccessLogAsync(connection, time, cancellationToken)))
        {
            return await ContentTypeRow.ExerciseAsync(connection, time, cancellationToken);
        }

        try
        {
            return await AccessLogRow.ExerciseAsync(connection, time, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable && !needsAccessLog)
        {
            _hasAccessLog = false;
            if (await HasAccessLogAsync(connection, time, cancellationToken))
            {
                throw;
            }

            return await ContentTypeRow.ExerciseAsync(connection, time, cancellationToken);
        }
    }

    /// <remarks>A table that is gone, and whose migration is applied, is missed where it should be.</remarks>
    private static async Task<bool> HasAccessLogAsync(NpgsqlConnection connection, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var look = new NpgsqlCommand("SELECT to_regclass('caluma_logging_accesslog') IS NOT NULL", connection);
        if (await look.ExecuteScalarAsync(cancellationToken) is true)
        {
            return true;
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                DatabaseConnections.BoundTransaction(time),
                new NpgsqlBatchCommand("SELECT EXISTS (SELECT FROM django_migrations WHERE app = 'caluma_logging')"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }
}
