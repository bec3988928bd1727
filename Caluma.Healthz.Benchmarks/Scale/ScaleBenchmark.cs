using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;
using Caluma.Healthz.History;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Scale;

/// <summary>
/// What many targets cost one instance: a run of them, and recording it. The schedule is faster than a minute, so that some ticks are seen
/// soon; what a tick costs does not depend on it.
/// </summary>
internal sealed class ScaleBenchmark : IBenchmark
{
    private const int Ticks = 3;

    /// <summary>Those of the curve.</summary>
    private static readonly int[] _targets = [10, 100, 300, 1000];

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);

    public string Name => "scale";

    public string Summary => "10 to 1,000 targets with simulated latency: time, CPU, memory, sockets, record size, storage calls";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        await using var targets = new SimulatedTargets();
        foreach (var count in _targets)
        {
            await bench.SayAsync($"recording {count} targets");
            var costs = await RecordAsync(bench, targets, count);
            var name = count.ToString("#,0", CultureInfo.InvariantCulture) + " targets: ";
            yield return new Row($"{name}length of a run", "ms", costs.Of(cost => cost.RunMilliseconds));
            yield return new Row($"{name}CPU of a tick", "s", costs.Of(cost => cost.CpuSeconds));
            yield return new Row($"{name}resident", "MB", new Samples(costs.ResidentMegabytes));
            yield return new Row($"{name}sockets at once", "", new Samples(costs.Sockets));
            yield return new Row($"{name}a record", "kB", costs.Of(cost => cost.RecordKilobytes));
            yield return new Row($"{name}state of the rules", "kB", new Samples(costs.StateKilobytes));
            yield return new Row($"{name}storage calls of a tick", "", new Samples(costs.StorageCalls));
        }
    }

    private static async Task<Costs> RecordAsync(Bench bench, SimulatedTargets targets, int count)
    {
        var caluma = await bench.Caluma;
        await using var proxy = await StorageProxy.StartAsync(caluma.Azurite);
        var container = await caluma.CreateContainerAsync();
        await using var app = AppProcess.StartProbe(await bench.Apps.ServerAsync(), Settings(proxy, container.Name, targets.Port, count));
        using var connection = await app.ConnectAsync();
        var usages = new List<ProcessUsage>();
        var calls = 0;

        // The first tick makes the process warm, and reads what there is; the ticks after it are like all that follow.
        for (var tick = 0; tick <= Ticks; tick++)
        {
            await UntilRecordedAsync(proxy);
            usages.Add(app.Usage);
            calls = proxy.Requests.Count;
            proxy.Clear();
        }

        var log = await TextAsync(container, (await FirstAsync(container, "records/"))!);
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var state = await TextAsync(container, "alerts/state.json");
        return new Costs(
            [
                .. lines.Skip(1).Take(Ticks).Select((line, tick) => new TickCost(
                    RecordLine.Read(Encoding.UTF8.GetBytes(line), out _)!.DurationMs,
                    usages[tick + 1].CpuSeconds - usages[tick].CpuSeconds,
                    Encoding.UTF8.GetByteCount(line) / 1024.0)),
            ],
            usages[^1].ResidentMegabytes,
            targets.TakeMaxOpen(),
            Encoding.UTF8.GetByteCount(state) / 1024.0,
            calls);
    }

    private static Dictionary<string, string?> Settings(StorageProxy proxy, string container, int port, int count)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ENABLE_HEALTHZ_ENDPOINT"] = "true",
            ["HEALTHZ_FUNCTION_KEYS"] = CalumaServers.Key,
            ["Healthz__Checks"] = "caches",
            ["Healthz__History__ConnectionString"] = proxy.ConnectionString,
            ["Healthz__History__Container"] = container,
            ["HEALTHZ_SCHEDULE"] = string.Create(CultureInfo.InvariantCulture, $"*/{_interval.TotalSeconds} * * * * *"),
        };
        foreach (var number in Enumerable.Range(1, count))
        {
            settings[string.Create(CultureInfo.InvariantCulture, $"Healthz__Caches__cache{number}")] =
                string.Create(CultureInfo.InvariantCulture, $"memcached://127.0.0.1:{port}");
        }

        return settings;
    }

    /// <summary>Waits until a tick is recorded, the rollup included, which comes last.</summary>
    private static Task UntilRecordedAsync(StorageProxy proxy) => Deadline.UntilAsync(
        "a tick is recorded",
        () => proxy.Requests.Any(request => request.Method == "PUT" && request.Blob.StartsWith("rollups/", StringComparison.Ordinal)),
        () => string.Join(Environment.NewLine, proxy.Requests));

    private static async Task<string?> FirstAsync(BlobContainerClient container, string prefix)
    {
        await foreach (var blob in container.GetBlobsAsync(new() { Prefix = prefix }))
        {
            return blob.Name;
        }

        return null;
    }

    private static async Task<string> TextAsync(BlobContainerClient container, string name) =>
        (await container.GetBlobClient(name).DownloadContentAsync()).Value.Content.ToString();

    private sealed record TickCost(double RunMilliseconds, double CpuSeconds, double RecordKilobytes);

    private sealed record Costs(
        IReadOnlyList<TickCost> Ticks, double ResidentMegabytes, double Sockets, double StateKilobytes, double StorageCalls)
    {
        public Samples Of(Func<TickCost, double> value) => new(Ticks.Select(value));
    }
}
