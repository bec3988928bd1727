using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary><c>./dev simulate</c>, whose process this is: runs one seed after the other.</summary>
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
        var (text, failed, steps) = (new StringBuilder(), 0, 0L);
        var begun = Stopwatch.GetTimestamp();
        for (var seed = from; seed < from + seeds && failed < MaxFailures; seed++)
        {
            var (faults, made) = Simulation.Run(seed);
            steps += made;
            if (faults.Count > 0)
            {
                failed++;
                progress.WriteLine($"seed {seed} fails");
                Describe(text, seed, seeds == 1 ? int.MaxValue : LinesOfTrace);
            }

            if ((seed - from + 1) % 10_000 == 0 || seed == from + seeds - 1)
            {
                var took = Stopwatch.GetElapsedTime(begun);
                progress.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{seed - from + 1} seeds, {steps} steps, {failed} failed, {took.TotalSeconds:f0} s"));
            }
        }

        return text.ToString();
    }

    private static void Describe(StringBuilder text, int seed, int lines)
    {
        var trace = new List<string>();
        var (faults, _) = Simulation.Run(seed, trace);
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {seed} fails:").AppendJoin('\n', faults).AppendLine();
        text.AppendJoin('\n', trace.TakeLast(lines)).AppendLine();
    }
}
