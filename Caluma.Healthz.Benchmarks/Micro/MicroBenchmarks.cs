using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Caluma.Healthz.Benchmarks.Micro;

/// <summary><c>./dev bench --micro</c>: the parts that do no I/O, by BenchmarkDotNet.</summary>
internal static class MicroBenchmarks
{
    /// <param name="args">Of BenchmarkDotNet, such as <c>--filter *Histogram*</c>; all run where there is none.</param>
    public static int Run(string[] args)
    {
        // In this process: it is a Release build, and nothing is left to be built beside it.
        var config = ManualConfig.Create(DefaultConfig.Instance)
            .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddDiagnoser(MemoryDiagnoser.Default);
        string[] selection = args.Length == 0 ? ["--filter", "*"] : args;
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(selection, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors) ? 1 : 0;
    }
}
