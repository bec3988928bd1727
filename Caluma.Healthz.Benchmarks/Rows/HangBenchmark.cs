using System.Diagnostics;
using System.Globalization;
using System.Net;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>
/// How long an answer takes while a target hangs: that of the probe is bounded by the timeout, 2 s here as with the peer.
/// </summary>
internal sealed class HangBenchmark : IBenchmark
{
    private const string Timeout = "00:00:02";
    private const int MaxRounds = 2;
    private const double Thousand = 1000;

    private static readonly Goal _goal = Goal.Max(2.5);

    private static readonly (string What, FaultMode Mode)[] _modes =
        [("silent", FaultMode.AcceptsAndNeverAnswers), ("not reached", FaultMode.BlackHole)];

    public string Name => "hang";

    public string Summary => "the time to answer while each kind of target hangs, at a timeout of 2 s, against AspNetCore.HealthChecks";

    public async Task<IReadOnlyList<Row>> MeasureAsync(Bench bench, int rounds)
    {
        var rows = new List<Row>();
        foreach (var target in await TargetsAsync(bench))
        {
            foreach (var (what, mode) in _modes)
            {
                rows.Add(await MeasureAsync(bench, target, $"{target.Name} {what}: time to answer", mode, Math.Min(rounds, MaxRounds)));
            }
        }

        return rows;
    }

    private static async Task<IReadOnlyList<Target>> TargetsAsync(Bench bench)
    {
        const string caches = "Healthz__Caches__default";
        const string media = "Healthz__MediaStorage__ConnectionString";
        var caluma = await bench.Caluma;
        return
        [
            new("PostgreSQL", caluma.Postgres.EndPoint, "DATABASE", proxy => new()
            {
                ["Healthz__Databases__default"] = caluma.Database.ConnectionStringVia(proxy),
            }),
            new("Redis", caluma.Redis.EndPoint, "CACHE", proxy => new() { [caches] = caluma.Redis.ConnectionString(port: proxy.Port) }),
            new("Memcached", null, null, proxy => new()
            {
                [caches] = string.Create(CultureInfo.InvariantCulture, $"memcached://127.0.0.1:{proxy.Port}"),
            }),
            new("Azure Blobs", caluma.Azurite.EndPoint, null, proxy => new() { [media] = caluma.Azurite.ConnectionStringVia(proxy) }),
            new("S3", null, null, proxy => new()
            {
                [media] = null,
                ["Healthz__MediaStorage__Container"] = null,
                ["MEDIA_STORAGE_SERVICE"] = "minio",
                ["MINIO_STORAGE_ENDPOINT"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{proxy.Port}"),
                ["MINIO_STORAGE_USE_HTTPS"] = "false",
                ["MINIO_STORAGE_ACCESS_KEY"] = "bench",
                ["MINIO_STORAGE_SECRET_KEY"] = "bench-secret",
                ["MINIO_STORAGE_MEDIA_BUCKET_NAME"] = "media",
            }),
        ];
    }

    private static async Task<Row> MeasureAsync(Bench bench, Target target, string name, FaultMode mode, int rounds)
    {
        var caluma = await bench.Caluma;
        var atFirst = target.Server is null ? FaultMode.AcceptsAndNeverAnswers : FaultMode.Proxy;
        await using var proxy = FaultServer.Start(atFirst, target.Server);
        var settings = With(caluma.Settings, target.SettingsVia(proxy));
        settings["Healthz__Timeout"] = Timeout;
        await using var ours = AppProcess.StartProbe(await bench.Apps.ServerAsync(), settings);
        await using var theirs = target.PeerSetting is { } peerSetting
            ? AppProcess.Start(
                await bench.Apps.PeerAsync(),
                With(caluma.PeerSettings, new() { [peerSetting] = target.SettingsVia(proxy).Values.Single() }))
            : null;
        using var ourConnection = await ours.ConnectAsync();
        using var theirConnection = theirs is null ? null : await theirs.ConnectAsync();
        var (report, health) = (HttpConnection.Request("/healthz", CalumaServers.Key), HttpConnection.Request("/health"));

        // While all is well, so that what is measured is the hang.
        await ourConnection.AskAsync(report);
        await (theirConnection?.AskAsync(health) ?? Task.FromResult((0, Array.Empty<byte>())));
        proxy.Mode = mode;
        var times = await Bench.InterleaveAsync(
            rounds,
            () => SecondsAsync(ourConnection, report),
            () => theirConnection is null ? Task.FromResult(0.0) : SecondsAsync(theirConnection, health));
        var row = new Row(name, "s", times[0]) { Goal = _goal };
        return theirConnection is null ? row : row with { Against = "AspNetCore.HealthChecks", Theirs = times[1] };
    }

    private static async Task<double> SecondsAsync(HttpConnection connection, ReadOnlyMemory<byte> request)
    {
        var start = Stopwatch.GetTimestamp();
        var (status, _) = await connection.AskAsync(request);
        return status == (int)HttpStatusCode.OK
            ? throw new InvalidOperationException("A target that hangs was found to be well.")
            : Stopwatch.GetElapsedTime(start).TotalMilliseconds / Thousand;
    }

    private static Dictionary<string, string?> With(Dictionary<string, string?> settings, Dictionary<string, string?> others)
    {
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <param name="Name">What it is.</param>
    /// <param name="Server">The real server; null where there is but one that hangs.</param>
    /// <param name="PeerSetting">What the peer reads its address from; null where it has no check for it.</param>
    /// <param name="SettingsVia">What points the probe at it by way of a proxy.</param>
    private sealed record Target(
        string Name, IPEndPoint? Server, string? PeerSetting, Func<FaultServer, Dictionary<string, string?>> SettingsVia);
}
