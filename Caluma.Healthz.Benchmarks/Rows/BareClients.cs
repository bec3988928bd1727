using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Caluma.Healthz.Benchmarks.Apps;
using Npgsql;
using StackExchange.Redis;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>What a run asks of the servers, by the same clients and nothing else: no probe can be faster and find out the same.</summary>
internal sealed class BareClients : IAsyncDisposable
{
    private readonly string _database;
    private readonly ConnectionMultiplexer _cache;
    private readonly BlobContainerClient _media;

    private BareClients(string database, ConnectionMultiplexer cache, BlobContainerClient media) =>
        (_database, _cache, _media) = (database, cache, media);

    public static async Task<BareClients> ConnectAsync(CalumaServers caluma) => new(
        new NpgsqlConnectionStringBuilder(caluma.Database.ConnectionString) { Pooling = false }.ConnectionString,
        await ConnectionMultiplexer.ConnectAsync(caluma.Redis.ConnectionString()),
        new BlobContainerClient(caluma.Azurite.ConnectionString, caluma.Container));

    /// <summary>Asks all three at once.</summary>
    /// <returns>How long it took, in milliseconds.</returns>
    public async Task<double> RunAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(AskDatabaseAsync(), AskCacheAsync(), AskMediaAsync());
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public ValueTask DisposeAsync() => _cache.DisposeAsync();

    /// <summary>One new connection; the migrations; a row that is written, changed and deleted in a transaction.</summary>
    private async Task AskDatabaseAsync()
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await ExecuteAsync(connection, "SELECT 1");
        await using (var command = new NpgsqlCommand("SELECT app, name FROM django_migrations", connection))
        {
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                _ = reader.GetString(0).Length + reader.GetString(1).Length;
            }
        }

        await using var transaction = await connection.BeginTransactionAsync();
        var id = Random.Shared.Next(1_000_000, int.MaxValue).ToString(CultureInfo.InvariantCulture);
        await ExecuteAsync(connection, $"INSERT INTO django_migrations (id, app, name, applied) VALUES ({id}, 'a', 'b', now())");
        await ExecuteAsync(connection, $"UPDATE django_migrations SET name = 'c' WHERE id = {id}");
        await ExecuteAsync(connection, $"DELETE FROM django_migrations WHERE id = {id}");
        await transaction.RollbackAsync();
    }

    private async Task AskCacheAsync()
    {
        var (cache, key) = (_cache.GetDatabase(), $"bench:{Guid.NewGuid()}");
        await cache.StringSetAsync(key, "value", TimeSpan.FromMinutes(1));
        await cache.StringGetAsync(key);
        await cache.KeyDeleteAsync(key);
    }

    private async Task AskMediaAsync()
    {
        var blob = _media.GetBlobClient($"bench-{Guid.NewGuid()}");
        await blob.UploadAsync(BinaryData.FromString("value"));
        await blob.DownloadContentAsync();
        await blob.DeleteAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
