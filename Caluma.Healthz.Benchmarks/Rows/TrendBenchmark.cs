using System.Diagnostics;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>A year in one answer, and the dashboard: from a process that has read nothing yet, and from one that has.</summary>
internal sealed class TrendBenchmark : IBenchmark
{
    private const int WarmAsks = 20;

    private static readonly (string Name, string Schedule)[] _schedules = [("5 min", "0 */5 * * * *"), ("5 s", "*/5 * * * * *")];

    public string Name => "trend";

    public string Summary => "the trend over 365 days and the dashboard over 90, cold and warm, at schedules of 5 min and 5 s";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        foreach (var (name, schedule) in _schedules)
        {
            await bench.SayAsync($"writing a year at a schedule of {name}");
            var history = await HistoryAsync(await bench.Caluma, schedule);
            var program = await bench.Apps.ServerAsync();
            await using var floor = new StoreFloor(history.Container, await RequestsAsync(program, await bench.Caluma, history));
            var reads = new List<Read>();
            var floors = (await Bench.InterleaveAsync(
                rounds,
                async () =>
                {
                    reads.Add(await ReadAsync(program, history.Settings));
                    return 0;
                },
                floor.ReadAsync))[1];
            Samples Of(Func<Read, double> value) => new(reads.Skip(1).Select(value));
            yield return new Row($"trend over 365 days at {name}, cold", "ms", Of(read => read.Cold))
            {
                Against = $"the same {floor.Requests} requests, bare",
                Theirs = floors,
                Goal = Goal.Max(500),
            };
            yield return new Row($"trend over 365 days at {name}, warm", "ms", Of(read => read.Warm)) { Goal = Goal.Max(40) };
            yield return new Row($"trend over 365 days at {name}, warm: CPU", "ms", Of(read => read.WarmCpu));
            yield return new Row($"trend over 365 days at {name}, memory more", "MB", Of(read => read.Megabytes)) { Goal = Goal.Max(24) };
            yield return new Row($"dashboard over 90 days at {name}, warm", "ms", Of(read => read.Dashboard)) { Goal = Goal.Max(60) };
        }
    }

    private static async Task<History> HistoryAsync(CalumaServers caluma, string schedule)
    {
        var container = await caluma.CreateContainerAsync();
        var settings = caluma.Settings;
        settings["Healthz__History__ConnectionString"] = caluma.Azurite.ConnectionString;
        settings["Healthz__History__Container"] = container.Name;
        settings["HEALTHZ_SCHEDULE"] = schedule;
        await Year.WriteAsync(settings);

        // Whoever is measured reads, and leaves recording to another.
        var taken = container.GetBlobClient("recorder.lock");
        await taken.UploadAsync(BinaryData.FromString(""));
        await taken.GetBlobLeaseClient().AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration);
        return new History(container, settings);
    }

    /// <summary>What a process asks of the storage for its first trend.</summary>
    private static async Task<IReadOnlyList<StorageRequest>> RequestsAsync(string program, CalumaServers caluma, History history)
    {
        await using var proxy = await StorageProxy.StartAsync(caluma.Azurite);
        var settings = new Dictionary<string, string?>(history.Settings)
        {
            ["Healthz__History__ConnectionString"] = proxy.ConnectionString,
        };
        await ReadAsync(program, settings, warmAsks: 0);
        return [.. proxy.Requests.Where(request => request.Method == "GET" && !request.IsLease)];
    }

    private static async Task<Read> ReadAsync(string program, IReadOnlyDictionary<string, string?> settings, int warmAsks = WarmAsks)
    {
        await using var app = AppProcess.StartProbe(program, settings);
        using var connection = await app.ConnectAsync();
        await app.AskAsync(connection, HttpConnection.Request("/healthz/ping"));
        var before = app.Usage.ResidentMegabytes;
        var trend = HttpConnection.Request("/healthz/trend?days=365", CalumaServers.Key);
        var cold = (await app.AskAsync(connection, trend)).Milliseconds;
        if (warmAsks == 0)
        {
            return new Read(cold, 0, 0, 0, 0);
        }

        var cpuBefore = app.Usage.CpuSeconds;
        var warm = await MedianAsync(trend);
        var after = app.Usage;
        return new Read(
            cold,
            warm,
            (after.CpuSeconds - cpuBefore) * 1000 / warmAsks,
            after.ResidentMegabytes - before,
            await MedianAsync(HttpConnection.Request("/healthz/dashboard", CalumaServers.Key)));

        async Task<double> MedianAsync(ReadOnlyMemory<byte> request)
        {
            var times = new List<double>();
            for (var ask = 0; ask < warmAsks; ask++)
            {
                times.Add((await app.AskAsync(connection, request)).Milliseconds);
            }

            return new Samples(times).Median;
        }
    }

    private sealed record History(BlobContainerClient Container, IReadOnlyDictionary<string, string?> Settings);

    private sealed record Read(double Cold, double Warm, double WarmCpu, double Megabytes, double Dashboard);
}
