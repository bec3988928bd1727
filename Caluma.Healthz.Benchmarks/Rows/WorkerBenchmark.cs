using System.Diagnostics;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;
using Caluma.Healthz.Servers;
using Caluma.Healthz.Servers.Functions;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>
/// A cold start of the Functions app, in a double of the host, against one that does nothing; also with a quarter of a core.
/// </summary>
internal sealed class WorkerBenchmark : IBenchmark
{
    private const int MaxSlowRounds = 3;

    public string Name => "worker";

    public string Summary => "the Functions worker: CPU up to the first report, length of the first run; also with a quarter of a core";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        using var quarter = new CpuQuota(cores: 0.25);
        bench.Note($"A quarter of a core is made by {quarter.Way}.");
        var whole = MeasureAsync(bench, rounds, "", [], Goal.Max(2.0), Goal.Max(1.2));
        var slow = MeasureAsync(bench, Math.Min(rounds, MaxSlowRounds), ", a quarter of a core", quarter.Launcher);
        await foreach (var row in whole.Concat(slow))
        {
            yield return row;
        }
    }

    private static async IAsyncEnumerable<Row> MeasureAsync(
        Bench bench, int rounds, string where, IReadOnlyList<string> launcher, Goal? cpuGoal = null, Goal? lengthGoal = null)
    {
        const string empty = "an empty worker";
        var caluma = await bench.Caluma;
        var settings = caluma.Settings;
        settings["HEALTHZ_SCHEDULE"] = "0 0 0 1 1 *";
        settings.Remove("HEALTHZ_FUNCTION_KEYS");
        settings["Healthz__History__ConnectionString"] = caluma.Azurite.ConnectionString;
        var (ours, emptyWorker) = (await bench.Apps.FunctionsAsync(), await bench.Apps.EmptyWorkerAsync());
        var (ourStarts, emptyStarts) = (new List<ColdStart>(), new List<ColdStart>());
        await Bench.InterleaveAsync(
            rounds,
            async () => Add(ourStarts, await StartAsync(ours, settings, "/healthz", launcher)),
            async () => Add(emptyStarts, await StartAsync(emptyWorker, new Dictionary<string, string?>(), "/empty", launcher)));
        yield return Row("worker: CPU up to the first report", "s", start => start.CpuSeconds, cpuGoal);
        yield return Row("worker: length of the first run", "s", start => start.AnswerSeconds, lengthGoal);
        yield return Row("worker: start to the first report", "s", start => start.Seconds);
        yield return Row("worker: resident after it", "MB", start => start.ResidentMegabytes);

        static double Add(List<ColdStart> starts, ColdStart start)
        {
            starts.Add(start);
            return start.Seconds;
        }

        // The first is of the round that does not count.
        Row Row(string name, string unit, Func<ColdStart, double> value, Goal? goal = null) =>
            new(name + where, unit, new Samples(ourStarts.Skip(1).Select(value)))
            {
                Against = empty,
                Theirs = new Samples(emptyStarts.Skip(1).Select(value)),
                Goal = goal,
            };
    }

    private static async Task<ColdStart> StartAsync(
        string app, IReadOnlyDictionary<string, string?> settings, string path, IReadOnlyList<string> launcher)
    {
        var start = Stopwatch.GetTimestamp();
        await using var host = await FunctionsHost.StartAsync(app, settings, CalumaServers.Key, ticks: false, launcher);
        var asked = Stopwatch.GetTimestamp();
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"A cold start has answered {(int)response.StatusCode}: "
                + $"{await response.Content.ReadAsStringAsync()}{Environment.NewLine}{string.Join(Environment.NewLine, host.Log)}");
        }

        var usage = ProcessUsage.Of(host.WorkerId);
        return new ColdStart(
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            Stopwatch.GetElapsedTime(asked).TotalSeconds,
            usage.CpuSeconds,
            usage.ResidentMegabytes);
    }

    private sealed record ColdStart(double Seconds, double AnswerSeconds, double CpuSeconds, double ResidentMegabytes);
}
