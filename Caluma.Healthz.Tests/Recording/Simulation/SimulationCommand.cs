using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary><c>./dev simulate</c>, whose process this is: runs seeds, each on one thread.</summary>
internal static class SimulationCommand
{
    /// <summary>The first argument; the others are the first seed and how many there are.</summary>
    public const string Command = "simulate";

    private const int LinesOfTrace = 80;
    private const int MaxFailures = 10;

    public static int Run(string[] args)
    {
        var (from, seeds) = (int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        var failures = Run(from, seeds, Console.Out);
        Console.Write(failures);
        return failures is "" ? 0 : 1;
    }

    /// <summary>Runs seeds, and says of each that fails what did not hold and what happened last; nothing where all hold.</summary>
    /// <param name="from">The first.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="progress">Gets how far it has come.</param>
    public static string Run(int from, int seeds, TextWriter progress)
    {
        var (failed, steps, next, done) = (new ConcurrentBag<int>(), 0L, from - 1, 0);
        var begun = Stopwatch.GetTimestamp();
        // Threads of their own: the other tests need those of the pool.
        Task.WaitAll(Enumerable.Range(0, Math.Min(seeds, Environment.ProcessorCount)).Select(_ =>
            Task.Factory.StartNew(RunNext, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        var text = new StringBuilder();
        foreach (var seed in failed.Order())
        {
            Describe(text, seed, seeds == 1 ? int.MaxValue : LinesOfTrace);
        }

        return text.ToString();

        void RunNext()
        {
            while (failed.Count < MaxFailures && Interlocked.Increment(ref next) is var seed && seed < from + seeds)
            {
                var (faults, made) = Simulation.Run(seed);
                Interlocked.Add(ref steps, made);
                if (faults.Count > 0)
                {
                    failed.Add(seed);
                    Say($"seed {seed} fails");
                }

                if (Interlocked.Increment(ref done) is var number && (number % 10_000 == 0 || number == seeds))
                {
                    var took = Stopwatch.GetElapsedTime(begun);
                    Say($"{number} seeds, {Interlocked.Read(ref steps)} steps, {failed.Count} failed, {took.TotalSeconds:f0} s");
                }
            }
        }

        void Say(FormattableString line)
        {
            lock (progress)
            {
                progress.WriteLine(line.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static void Describe(StringBuilder text, int seed, int lines)
    {
        var trace = new List<string>();
        var (faults, _) = Simulation.Run(seed, trace);
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed} fails:").AppendJoin('\n', faults).AppendLine();
        text.AppendJoin('\n', trace.TakeLast(lines)).AppendLine();
    }
}
