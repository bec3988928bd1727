using StackExchange.Redis;

namespace Caluma.Healthz.Servers;

/// <summary>A numbered Redis database of one test, empty at first.</summary>
internal sealed class RedisDatabase(RedisServer server, int number)
{
    public RedisServer Server => server;

    public int Number => number;

    /// <summary>The connection string for StackExchange.Redis, for the default user.</summary>
    public string ConnectionString => server.ConnectionString(number);

    /// <summary>The connection string for an ACL user.</summary>
    public string ConnectionStringFor(string user, string? password) => server.ConnectionString(number, user, password);

    /// <summary>The connection string for the default user by way of a <see cref="FaultServer"/>.</summary>
    public string ConnectionStringVia(FaultServer proxy) => server.ConnectionString(number, port: proxy.Port);

    /// <summary>Runs a command as the administrator.</summary>
    public Task<RedisResult> ExecuteAsync(string command, params object[] arguments) => server.ExecuteInAsync(number, command, arguments);

    /// <summary>The number of keys.</summary>
    public async Task<long> CountKeysAsync() => (long)await ExecuteAsync("DBSIZE");
}
