using System.Diagnostics;
using System.Net;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;

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

    public string Name => "hang";

    public string Summary => "the time to answer while each kind of target hangs, at a timeout of 2 s, against AspNetCore.HealthChecks";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        await foreach (var target in new HangingTargets(await bench.Caluma).StartAsync())
        {
            await using (target)
            {
                yield return await MeasureAsync(bench, target, Math.Min(rounds, MaxRounds));
            }
        }
    }

    private static async Task<Row> MeasureAsync(Bench bench, Hang target, int rounds)
    {
        var caluma = await bench.Caluma;
        var settings = With(caluma.Settings, target.Settings);
        settings["Healthz__Timeout"] = Timeout;
        await using var ours = AppProcess.StartProbe(await bench.Apps.ServerAsync(), settings);
        await using var theirs = target.PeerSetting is { } peerSetting
            ? AppProcess.Start(
                await bench.Apps.PeerAsync(),
                With(caluma.PeerSettings, new Dictionary<string, string?> { [peerSetting] = target.Settings.Values.Single() }))
            : null;
        using var ourConnection = await ours.ConnectAsync();
        using var theirConnection = theirs is null ? null : await theirs.ConnectAsync();
        var (report, health) = (HttpConnection.Request("/healthz", CalumaServers.Key), HttpConnection.Request("/health"));

        // While all is well, so that what is measured is the hang.
        await ourConnection.AskAsync(report);
        await (theirConnection?.AskAsync(health) ?? Task.FromResult((0, Array.Empty<byte>())));
        target.Begin();
        var times = await Bench.InterleaveAsync(
            rounds,
            () => SecondsAsync(ourConnection, report),
            () => theirConnection is null ? Task.FromResult(0.0) : SecondsAsync(theirConnection, health));
        var row = new Row($"{target.Name}: time to answer", "s", times[0]) { Goal = _goal };
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

    private static Dictionary<string, string?> With(Dictionary<string, string?> settings, IReadOnlyDictionary<string, string?> others)
    {
        foreach (var (name, value) in others)
        {
            settings[name] = value;
        }

        return settings;
    }
}
