using System.Diagnostics;
using System.Text;
using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Benchmarks.Rows;

/// <summary>
/// How many callers a second are answered from shared runs, against an endpoint that sends the same bytes and does nothing.
/// </summary>
internal sealed class AnswersBenchmark : IBenchmark
{
    private const int Connections = 16;
    private const double Thousand = 1000;

    private static readonly TimeSpan _span = TimeSpan.FromSeconds(3);

    public string Name => "answers";

    public string Summary => "answers a second from shared runs, against a bare endpoint of the same bytes";

    public async IAsyncEnumerable<Row> MeasureAsync(Bench bench, int rounds)
    {
        var caluma = await bench.Caluma;
        var settings = caluma.Settings;
        settings.Remove("Healthz__MinInterval");
        await using var ours = AppProcess.StartProbe(await bench.Apps.ServerAsync(), settings);
        var report = HttpConnection.Request("/healthz", CalumaServers.Key);
        byte[] body;
        using (var connection = await ours.ConnectAsync())
        {
            body = (await ours.AskAsync(connection, report)).Body;
        }

        await using var bare = AppProcess.Start(
            await bench.Apps.EmptyAppAsync(), new Dictionary<string, string?> { ["BODY"] = Encoding.UTF8.GetString(body) });
        var (ourCpu, bareCpu) = (new List<double>(), new List<double>());
        var rates = await Bench.InterleaveAsync(
            rounds,
            () => AnswersASecondAsync(ours, report, ourCpu),
            () => AnswersASecondAsync(bare, HttpConnection.Request("/healthz"), bareCpu));
        yield return new Row("answers a second from shared runs", "", rates[0])
        {
            Against = "a bare endpoint of the same bytes",
            Theirs = rates[1],
            Goal = Goal.MinRatio(0.9),
        };

        // The first is of the round that does not count.
        yield return new Row("answers from shared runs: CPU of 1,000", "ms", new Samples(ourCpu.Skip(1)))
        {
            Against = "a bare endpoint of the same bytes",
            Theirs = new Samples(bareCpu.Skip(1)),
        };
    }

    private static async Task<double> AnswersASecondAsync(AppProcess app, ReadOnlyMemory<byte> request, List<double> cpuOfThousand)
    {
        var cpu = app.Usage.CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        var answers = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await app.ConnectAsync();
            var count = 0;
            for (; Stopwatch.GetElapsedTime(start) < _span; count++)
            {
                await app.AskAsync(connection, request);
            }

            return count;
        })));
        var rate = answers.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
        cpuOfThousand.Add((app.Usage.CpuSeconds - cpu) * Thousand * Thousand / answers.Sum());
        return rate;
    }
}
