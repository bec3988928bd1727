using System.Globalization;
using System.Net;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>Each kind of target, and each way in which it hangs. One hangs at a time; the others are well.</summary>
internal sealed class HangingTargets(CalumaServers caluma)
{
    private const string Databases = "Healthz__Databases__default";
    private const string Caches = "Healthz__Caches__default";
    private const string Media = "Healthz__MediaStorage__ConnectionString";

    private static readonly (string What, FaultMode Mode)[] _modes =
        [("silent", FaultMode.AcceptsAndNeverAnswers), ("not reached", FaultMode.BlackHole)];

    /// <summary>Starts each when the one before it is done with.</summary>
    public async IAsyncEnumerable<Hang> StartAsync()
    {
        foreach (var hang in Proxied(
            "PostgreSQL", caluma.Postgres.EndPoint, "DATABASE", Of(Databases, caluma.Database.ConnectionStringVia)))
        {
            yield return hang;
        }

        await using var bouncer = await PgBouncerServer.StartNewAsync(caluma.Database);
        foreach (var hang in Proxied(
            "PgBouncer", bouncer.EndPoint, null, Of(Databases, proxy => $"{bouncer.ConnectionString};Port={Port(proxy)}")))
        {
            yield return hang;
        }

        yield return Paused("PgBouncer, its database silent", Databases, bouncer.ConnectionString, caluma.Postgres);
        foreach (var hang in Proxied(
            "Redis", caluma.Redis.EndPoint, "CACHE", Of(Caches, proxy => caluma.Redis.ConnectionString(port: proxy.Port))))
        {
            yield return hang;
        }

        await using var primary = await RedisServer.StartNewAsync();
        await using var sentinel = await RedisSentinel.StartNewAsync(primary);
        yield return Paused("Redis by Sentinel silent", Caches, sentinel.ConnectionString(), primary);
        await using var cluster = await RedisCluster.StartNewAsync();
        yield return Paused("Redis Cluster, one of three silent", Caches, cluster.ConnectionString, cluster.Servers[^1]);
        foreach (var hang in Alone())
        {
            yield return hang;
        }
    }

    private IEnumerable<Hang> Alone() =>
    [
        .. Proxied("Memcached", null, null, Of(Caches, proxy => $"memcached://127.0.0.1:{Port(proxy)}")),
        .. Proxied("Azure Blobs", caluma.Azurite.EndPoint, null, Of(Media, caluma.Azurite.ConnectionStringVia)),
        .. Proxied("S3", null, null, proxy => new()
        {
            [Media] = null,
            ["Healthz__MediaStorage__Container"] = null,
            ["MEDIA_STORAGE_SERVICE"] = "minio",
            ["MINIO_STORAGE_ENDPOINT"] = $"127.0.0.1:{Port(proxy)}",
            ["MINIO_STORAGE_USE_HTTPS"] = "false",
            ["MINIO_STORAGE_ACCESS_KEY"] = "bench",
            ["MINIO_STORAGE_SECRET_KEY"] = "bench-secret",
            ["MINIO_STORAGE_MEDIA_BUCKET_NAME"] = "media",
        }),
    ];

    /// <param name="name">What hangs.</param>
    /// <param name="server">The real server; null where there is but one that hangs.</param>
    /// <param name="peerSetting">What the peer reads its address from; null where it has no check for it.</param>
    /// <param name="settingsVia">What points the probe at it by way of a proxy.</param>
    private static IEnumerable<Hang> Proxied(
        string name, IPEndPoint? server, string? peerSetting, Func<FaultServer, Dictionary<string, string?>> settingsVia)
    {
        foreach (var (what, mode) in _modes)
        {
            var proxy = FaultServer.Start(server is null ? FaultMode.AcceptsAndNeverAnswers : FaultMode.Proxy, server);
            yield return new Hang($"{name} {what}", settingsVia(proxy), () => proxy.Mode = mode, proxy.DisposeAsync, peerSetting);
        }
    }

    private static Hang Paused(string name, string setting, string address, Server server) => new(
        name,
        new Dictionary<string, string?> { [setting] = address },
        server.Pause,
        () =>
        {
            server.Resume();
            return ValueTask.CompletedTask;
        });

    private static Func<FaultServer, Dictionary<string, string?>> Of(string setting, Func<FaultServer, string> address) =>
        proxy => new() { [setting] = address(proxy) };

    private static string Port(FaultServer proxy) => proxy.Port.ToString(CultureInfo.InvariantCulture);
}
