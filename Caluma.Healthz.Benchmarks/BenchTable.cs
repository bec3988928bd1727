using Caluma.Healthz.Benchmarks.Apps;
using Caluma.Healthz.Benchmarks.Measuring;
using Caluma.Healthz.Benchmarks.Rows;
using Caluma.Healthz.Benchmarks.Scale;

namespace Caluma.Healthz.Benchmarks;

/// <summary><c>./dev bench</c>: the table, with its floors and peers, from one run. A goal that is missed fails nothing.</summary>
internal static class BenchTable
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    public static IReadOnlyList<IBenchmark> All { get; } =
    [
        new StartBenchmark(), new RunBenchmark(), new AnswersBenchmark(), new TrendBenchmark(), new WorkerBenchmark(), new HangBenchmark(),
        new ScaleBenchmark(),
    ];

    /// <param name="args">See <see cref="BenchOptions"/>; the first is the folder that programs are published to.</param>
    /// <param name="output">Gets the table.</param>
    /// <param name="error">Told of what is being done, and of what is wrong.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        if (BenchOptions.Parse([.. args.Skip(1)], [.. All.Select(benchmark => benchmark.Name)], out var problem) is not { } options)
        {
            await error.WriteLineAsync(problem);
            await WriteHelpAsync(error);
            return WrongUsage;
        }

        IReport report = options.IsJson ? new JsonReport(output) : new TextReport(output);
        report.Begin(await Head.ReadAsync(TimeProvider.System));
        await using var bench = new Bench(new PublishedApps(args[0], error), error);
        var hasFailed = false;
        foreach (var benchmark in All.Where(benchmark => options.Only.Count == 0 || options.Only.Contains(benchmark.Name)))
        {
            await bench.SayAsync($"{benchmark.Name}: {benchmark.Summary}");
            try
            {
                await foreach (var row in benchmark.MeasureAsync(bench, options.Rounds))
                {
                    report.Add(row);
                }
            }
            catch (Exception exception)
            {
                // The others are worth having; what is wrong is said, and told by the exit code.
                hasFailed = true;
                bench.Note($"{benchmark.Name} could not be measured: {exception.Message}");
                await error.WriteLineAsync(exception.ToString());
            }
        }

        report.End(bench.Notes);
        return hasFailed ? Failed : 0;
    }

    /// <summary>What there is to measure.</summary>
    public static async Task WriteHelpAsync(TextWriter output)
    {
        foreach (var benchmark in All)
        {
            await output.WriteLineAsync($"  --only {benchmark.Name,-9} {benchmark.Summary}");
        }
    }
}
