using System.Globalization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>The arguments of <c>./dev bench</c>.</summary>
/// <param name="Only">The names of the benchmarks that run; all where there is none.</param>
/// <param name="Rounds">How often each is measured.</param>
/// <param name="IsJson">Whether the table is for programs.</param>
internal sealed record BenchOptions(IReadOnlyList<string> Only, int Rounds, bool IsJson)
{
    private const int MaxRounds = 100;

    /// <param name="args">The arguments.</param>
    /// <param name="names">Those of the benchmarks that there are.</param>
    /// <param name="problem">What is wrong; empty where nothing is.</param>
    /// <returns>Null where something is wrong.</returns>
    public static BenchOptions? Parse(IReadOnlyList<string> args, IReadOnlyList<string> names, out string problem)
    {
        var (only, rounds, isJson) = (new List<string>(), 5, false);
        problem = "";
        for (var at = 0; at < args.Count; at++)
        {
            var (name, value) = args[at].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (args[at], args.ElementAtOrDefault(at + 1));
            at += args[at] == name && value is not null ? 1 : 0;
            problem = (name, value) switch
            {
                ("--only", not null) when names.Contains(value) => Take(() => only.Add(value)),
                ("--only", _) => $"--only must be one of {string.Join(", ", names)}",
                ("--format", "json" or "text") => Take(() => isJson = value == "json"),
                ("--format", _) => "--format must be text or json",
                ("--rounds", _) when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number is >= 1 and <= MaxRounds => Take(() => rounds = number),
                ("--rounds", _) => $"--rounds must be a whole number from 1 to {MaxRounds}",
                _ => $"{name} is not an option here: there are --only NAME, --rounds N and --format json",
            };
            if (problem.Length > 0)
            {
                return null;
            }
        }

        return new BenchOptions(only, rounds, isJson);
    }

    private static string Take(Action take)
    {
        take();
        return "";
    }
}
