using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// Asks Sentinel where the primary is now: https://redis.io/docs/latest/develop/reference/sentinel-clients. StackExchange.Redis can do that
/// too, but it keeps the connections of failed attempts, blocks a thread, and waits for each Sentinel and each replica.
/// </summary>
internal sealed class RedisSentinels
{
    private const int DefaultPort = 26379;

    /// <summary>The commands that Sentinel has; it has no keys and no ECHO.</summary>
    public static readonly CommandMap Commands =
        CommandMap.Create(["AUTH", "CLIENT", "HELLO", "INFO", "PING", "SENTINEL"], available: true);

    private readonly string _service;
    private readonly IReadOnlyList<ConfigurationOptions> _sentinels;

    /// <param name="options">The settings of the primary, with the addresses of the Sentinels.</param>
    public RedisSentinels(ConfigurationOptions options)
    {
        _service = options.ServiceName!;
        _sentinels = [.. options.EndPoints.Select(endPoint => ToSentinel(options, endPoint))];
    }

    /// <summary>Asks all Sentinels at once and takes the first answer: Sentinels agree on the primary.</summary>
    /// <returns>The primary; null where no Sentinel that answers watches a service of that name.</returns>
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
        return failures.Count == answers.Length ? throw RedisFailure.First(failures) : null;
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
