using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Asks Sentinel where the primary is now: https://redis.io/docs/latest/develop/reference/sentinel-clients. The client can do that by
/// itself, but keeps the connections of each attempt that fails, blocks a thread, and waits for each Sentinel and each replica.
/// </summary>
internal sealed class RedisSentinels
{
    private const int DefaultPort = 26379;

    /// <summary>What the client may send to a Sentinel, which has no keys and no ECHO.</summary>
    public static readonly CommandMap Commands =
        CommandMap.Create(["AUTH", "CLIENT", "HELLO", "INFO", "PING", "SENTINEL"], available: true);

    private readonly string _service;
    private readonly IReadOnlyList<ConfigurationOptions> _sentinels;

    /// <param name="options">How to reach the primary, with the addresses of the Sentinels.</param>
    public RedisSentinels(ConfigurationOptions options)
    {
        _service = options.ServiceName!;
        _sentinels = [.. options.EndPoints.Select(endPoint => ToSentinel(options, endPoint))];
    }

    /// <summary>Asks them all at once: whoever answers first is right, for they agree among themselves.</summary>
    /// <returns>Null where those that answer watch no service of that name.</returns>
    public async Task<EndPoint?> FindPrimaryAsync(CancellationToken cancellationToken)
    {
        var asking = _sentinels.Select(AskAsync).ToList();
        await foreach (var asked in Task.WhenEach(asking).WithCancellation(cancellationToken))
        {
            if ((await asked).Primary is { } primary)
            {
                return primary;
            }
        }

        var answers = await Task.WhenAll(asking);
        var failures = answers.Select(asked => asked.Failure).OfType<Exception>().ToList();
        return failures.Count == answers.Length ? throw RedisFailure.ThatExplainsMost(failures) : null;
    }

    private static ConfigurationOptions ToSentinel(ConfigurationOptions options, EndPoint endPoint)
    {
        var sentinel = options.Clone();
        sentinel.EndPoints.Clear();
        sentinel.EndPoints.Add(endPoint switch
        {
            DnsEndPoint { Port: 0, Host: var host } => new DnsEndPoint(host, DefaultPort),
            IPEndPoint { Port: 0, Address: var address } => new IPEndPoint(address, DefaultPort),
            _ => endPoint,
        });
        sentinel.ServiceName = null;
        sentinel.DefaultDatabase = null;
        sentinel.User = options.SentinelUser;
        sentinel.Password = options.SentinelPassword;
        sentinel.CommandMap = Commands;
        return sentinel;
    }

    private async Task<(EndPoint? Primary, Exception? Failure)> AskAsync(ConfigurationOptions sentinel)
    {
        var connecting = RedisConnections.ConnectAsync(sentinel.Clone());
        try
        {
            return (await (await connecting).GetServers()[0].SentinelGetMasterAddressByNameAsync(_service), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
        finally
        {
            RedisConnections.Discard(connecting);
        }
    }
}
