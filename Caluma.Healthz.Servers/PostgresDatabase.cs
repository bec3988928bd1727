namespace Caluma.Healthz.Servers;

/// <summary>A database of one test, which is dropped at its end.</summary>
internal sealed class PostgresDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public PostgresServer Server => server;

    public string Name => name;

    /// <summary>The connection string of the administrator.</summary>
    public string ConnectionString => server.ConnectionString(name);

    /// <summary>The connection string of another user.</summary>
    public string ConnectionStringFor(string user, string? password) => server.ConnectionString(name, user, password);

    /// <summary>The connection string of the administrator by way of a <see cref="FaultServer"/>.</summary>
    public string ConnectionStringVia(FaultServer proxy) => server.ConnectionString(name, port: proxy.Port);

    /// <summary>Runs a script with psql as the administrator.</summary>
    public Task RunScriptAsync(string path, params IEnumerable<(string Name, string Value)> variables) =>
        server.RunScriptAsync(name, path, variables);

    public Task ExecuteAsync(string sql) => server.ExecuteAsync(sql, name);

    public Task<T> ScalarAsync<T>(string sql) => server.ScalarAsync<T>(sql, name);

    /// <summary>The number of open connections of clients with a name.</summary>
    public Task<long> CountConnectionsAsync(string applicationName) => server.CountConnectionsAsync(applicationName, name);

    /// <summary>The number of logins so far. The query uses another database, so it does not count.</summary>
    public Task<long> CountSessionsAsync() =>
        server.ScalarAsync<long>($"SELECT coalesce(sessions, 0) FROM pg_stat_database WHERE datname = '{name}'");

    public async ValueTask DisposeAsync()
    {
        // A test may have stopped or paused its own server, which is disposed of with all its databases.
        if (server.Serves)
        {
            await server.ExecuteAsync($"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        }
    }
}
