using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>From the start of the server, as it is shipped, to its first answers, and what it holds in memory afterwards.</summary>
internal sealed class StartBenchmark : IBenchmark
{
    private const int Runs = 300;
    private const double Thousand = 1000;

    public string Name => "start";

    public string Summary => "start to the first ping and the first report, and memory, against an empty ASP.NET Core app";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        const string empty = "an empty ASP.NET Core app";
        var caluma = await bench.Caluma;
        var server = await bench.Apps.ServerAsync();
        var emptyApp = await bench.Apps.EmptyAppAsync();
        var (reports, cpu) = (new List<double>(), new List<double>());
        var starts = await Bench.InterleaveAsync(
            rounds,
            async () =>
            {
                var (ping, report, seconds) = await StartAsync(server, caluma);
                reports.Add(report);
                cpu.Add(seconds);
                return ping;
            },
            () => StartEmptyAsync(emptyApp));
        yield return new Row("start to first ping", "s", starts[0]) { Against = empty, Theirs = starts[1], Goal = Goal.MaxRatio(0.6) };

        // The first is of the round that does not count.
        yield return new Row("start to first full report", "s", new Samples(reports.Skip(1)))
        {
            Against = empty,
            Theirs = starts[1],
            Goal = Goal.MaxRatio(0.8),
        };
        yield return new Row("CPU up to the first full report", "s", new Samples(cpu.Skip(1)));
        var (resident, own) = await ResidentAsync(server, caluma);
        yield return new Row($"resident after {Runs} runs", "MB", new Samples(resident)) { Goal = Goal.Max(70) };
        yield return new Row("of that, shared with nobody", "MB", new Samples(own));
    }

    private static async Task<(double Ping, double Report, double Cpu)> StartAsync(string program, CalumaServers caluma)
    {
        await using var app = AppProcess.StartProbe(program, caluma.Settings);
        using var connection = await app.ConnectAsync();
        await app.AskAsync(connection, HttpConnection.Request("/healthz/ping"));
        var ping = app.Age.TotalSeconds;
        await app.AskAsync(connection, HttpConnection.Request("/healthz", CalumaServers.Key));
        return (ping, app.Age.TotalSeconds, app.Usage.CpuSeconds);
    }

    private static async Task<double> StartEmptyAsync(string program)
    {
        await using var app = AppProcess.Start(program, new Dictionary<string, string?>());
        using var connection = await app.ConnectAsync();
        await app.AskAsync(connection, HttpConnection.Request("/"));
        return app.Age.TotalMilliseconds / Thousand;
    }

    private static async Task<(double Resident, double Own)> ResidentAsync(string program, CalumaServers caluma)
    {
        await using var app = AppProcess.StartProbe(program, caluma.Settings);
        using var connection = await app.ConnectAsync();
        var request = HttpConnection.Request("/healthz", CalumaServers.Key);
        for (var run = 0; run < Runs; run++)
        {
            await app.AskAsync(connection, request);
        }

        var usage = app.Usage;
        return (usage.ResidentMegabytes, usage.PrivateMegabytes);
    }
}
