using Npgsql;

namespace Caluma.Healthz.Tests.Deployments;

/// <summary>An exclusive lock on a table, like that of a Django migration.</summary>
internal sealed class TableLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private TableLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<TableLock> TakeAsync(PostgresDatabase database, string table)
    {
        var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", connection);
        await command.ExecuteNonQueryAsync();
        return new TableLock(connection);
    }

    /// <summary>Releases it.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
