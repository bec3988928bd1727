using Npgsql;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Creates, reads, updates and deletes one row of Caluma's access log, the model that Caluma 9.3.3 checks, in one transaction: a process
/// that is killed leaves no row, and no other session sees one. The row is found by its primary key, so the size of the table does not
/// matter (upstream reads the whole table twice). The columns <c>query</c> and <c>variables</c> are never read, so that the role of the
/// probe needs no right to them.
/// </summary>
internal static class AccessLogRow
{
    private const string Columns = "selection, status_code, has_error, operation";

    /// <returns>Null where all went well.</returns>
    public static async Task<Reason?> ExerciseAsync(NpgsqlConnection connection, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var created = new Row($"healthz {Guid.NewGuid()}", 200, false, "query");
        var updated = created with { Selection = $"healthz {Guid.NewGuid()}", StatusCode = 503, HasError = true };

        var id = await InsertAsync(connection, created, time, cancellationToken);
        if (!await ReadUpdateDeleteAsync(connection, id, created, updated, cancellationToken))
        {
            return Reason.Mismatch;
        }

        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private static async Task<long> InsertAsync(NpgsqlConnection connection, Row row, TimeSpan time, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                DatabaseConnections.SetTransactionTimeouts(time),
                Command(
                    $"""
                    INSERT INTO caluma_logging_accesslog ("timestamp", query, {Columns})
                    VALUES (now(), 'healthz', $1, $2, $3, $4)
                    RETURNING id::bigint
                    """,
                    row),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0);
    }

    /// <remarks>All five statements travel in one round trip; their answers are compared here.</remarks>
    private static async Task<bool> ReadUpdateDeleteAsync(
        NpgsqlConnection connection, long id, Row created, Row updated, CancellationToken cancellationToken)
    {
        const string Read = $"SELECT {Columns} FROM caluma_logging_accesslog WHERE id = $1";
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command(Read, id: id),
                Command($"UPDATE caluma_logging_accesslog SET ({Columns}) = ROW($1, $2, $3, $4) WHERE id = $5", updated, id),
                Command(Read, id: id),
                Command("DELETE FROM caluma_logging_accesslog WHERE id = $1", id: id),
                Command(Read, id: id),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadRowAsync(reader, cancellationToken) == created
            && await reader.NextResultAsync(cancellationToken) && await ReadRowAsync(reader, cancellationToken) == updated
            && await reader.NextResultAsync(cancellationToken) && await ReadRowAsync(reader, cancellationToken) is null;
    }

    private static async Task<Row?> ReadRowAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken)
            ? new Row(reader.GetString(0), reader.GetInt32(1), reader.GetBoolean(2), reader.GetString(3))
            : null;

    private static NpgsqlBatchCommand Command(string sql, Row? row = null, long? id = null)
    {
        var command = new NpgsqlBatchCommand(sql);
        if (row is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Selection });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = row.StatusCode });
            command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = row.HasError });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = row.Operation });
        }

        if (id is { } key)
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
        }

        return command;
    }

    private sealed record Row(string Selection, int StatusCode, bool HasError, string Operation);
}
