using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Sets, reads back and deletes a fresh key, after the server has confirmed the credentials, database, client name and protocol of the
/// settings. Where the server refuses one of them StackExchange.Redis goes on without it
/// (https://github.com/StackExchange/StackExchange.Redis/issues/2835); redis-py, which Caluma uses, fails.
/// </summary>
/// <param name="settings">The settings as they were configured, without the probe's additions.</param>
/// <param name="isOneServer"> Whether the settings name exactly one server, to which redis-py talks; false for lists and clusters.
/// </param>
internal sealed class RedisExercise(ConfigurationOptions settings, bool isOneServer)
{
    /// <summary>Longer than the longest timeout. The key of a killed run expires.</summary>
    private static readonly TimeSpan _expiry = TimeSpan.FromSeconds(60);

    private readonly int _database = settings.DefaultDatabase ?? 0;

    /// <returns>Null where all is well.</returns>
    public async Task<Reason?> RunAsync(ConnectionMultiplexer multiplexer, ProbeRun run, CancellationToken cancellationToken)
    {
        Reason? reason;
        try
        {
            reason = await ConfirmAsync(multiplexer, cancellationToken) ?? await ExerciseAsync(multiplexer, run, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            reason = run.Explain(exception);
        }

        // The client itself refuses to write to a replica.
        var servers = multiplexer.GetServers().Where(server => server.IsConnected).ToList();
        return reason is not null && servers.Count > 0 && servers.All(server => server.IsReplica) ? Reason.ReadOnly : reason;
    }

    private async Task<Reason?> ConfirmAsync(ConnectionMultiplexer multiplexer, CancellationToken cancellationToken)
    {
        var servers = isOneServer ? [SingleServer(multiplexer)] : multiplexer.GetServers()
            .Where(server => server is { IsConnected: true, IsReplica: false }).ToList();
        if (settings is { User.Length: > 0 } or { Password.Length: > 0 })
        {
            // The credentials may have been changed since the connection was made. Without a password redis-py sends an empty one.
            object[] credentials = settings.User is { Length: > 0 } user ? [user, settings.Password ?? ""] : [settings.Password!];
            await ExecuteAsync("AUTH", credentials);
        }

        if (settings.Protocol is RedisProtocol.Resp3 && servers.Exists(server => server.Protocol != RedisProtocol.Resp3))
        {
            return Reason.Protocol;
        }

        if (settings.ClientName is { Length: > 0 } name)
        {
            await ExecuteAsync("CLIENT", ["SETNAME", name]);
        }

        if (_database != 0)
        {
            if (settings.Proxy is not Proxy.None)
            {
                // A cluster has one database.
                return Reason.Missing;
            }

            // Only where a name is configured, as redis-py does: proxies do not know the command.
            await ExecuteAsync("SELECT", [_database]);
        }

        return null;

        Task ExecuteAsync(string command, object[] arguments) =>
            Task.WhenAll(servers.Select(server => server.ExecuteAsync(command, arguments))).WaitAsync(cancellationToken);
    }

    private static IServer SingleServer(ConnectionMultiplexer multiplexer) =>
        multiplexer.GetServer(multiplexer.GetEndPoints(configuredOnly: true)[0]);

    private async Task<Reason?> ExerciseAsync(ConnectionMultiplexer multiplexer, ProbeRun run, CancellationToken cancellationToken)
    {
        var keys = await RedisKeys.CreateAsync(multiplexer, cancellationToken);
        var reasons = await Task.WhenAll(keys.Select(key => ExerciseAsync(multiplexer, key.Key, key.Primary, run, cancellationToken)));
        return ReasonPrecedence.FirstFailure(reasons);
    }

    private async Task<Reason?> ExerciseAsync(
        ConnectionMultiplexer multiplexer, RedisKey key, EndPoint? primary, ProbeRun run, CancellationToken cancellationToken)
    {
        if (!isOneServer && multiplexer.GetServers().Any(server => !server.IsConnected && server.EndPoint.Equals(primary)))
        {
            // A command would wait for the client's next attempt to connect, BacklogPolicy.FailFast or not.
            return Reason.Connect;
        }

        RedisValue value = Guid.NewGuid().ToString();
        try
        {
            // Commands by name, so that an access control list need allow only SET, GET and DEL: StringSetAsync sends SETEX, and
            // KeyDeleteAsync UNLINK.
            await ExecuteAsync("SET", [key, value, "EX", (int)_expiry.TotalSeconds]);
            var read = (RedisValue)await ExecuteAsync("GET", [key]);
            var deleted = await ExecuteAsync("DEL", [key]);
            return read == value && (int)deleted == 1 ? null : Reason.Mismatch;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return run.Explain(exception);
        }

        // In a cluster the client finds the right server by itself.
        Task<RedisResult> ExecuteAsync(string command, object[] arguments) =>
            (isOneServer && SingleServer(multiplexer) is { ServerType: ServerType.Cluster } server
                ? server.ExecuteAsync(_database, command, arguments, CommandFlags.NoRedirect)
                : multiplexer.GetDatabase(_database)
                    .ExecuteAsync(command, arguments, isOneServer ? CommandFlags.NoRedirect : CommandFlags.None))
            .WaitAsync(cancellationToken);
    }
}
