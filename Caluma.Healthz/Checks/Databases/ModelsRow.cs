using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>Exercises the models of a deployment in its access log, or in Django's content types where it has no access log.</summary>
/// <param name="needsAccessLog">Whether a missing access log is a failure.</param>
internal sealed class ModelsRow(bool needsAccessLog)
{
    // Tables rarely disappear: once the table was found, no run looks for it again.
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

    /// <remarks>A table that is gone although its migration is applied is a failure.</remarks>
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
                DatabaseConnections.SetTransactionTimeouts(time),
                new NpgsqlBatchCommand("SELECT EXISTS (SELECT FROM django_migrations WHERE app = 'caluma_logging')"),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.GetBoolean(0);
    }
}
