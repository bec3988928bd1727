using System.Globalization;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev simulate</c>: simulates recording from seeds, each on one thread. The tests' program does it.</summary>
internal sealed class SimulateCommand(Workspace workspace, Steps steps)
{
    private const string SeedsOption = "--seeds";
    private const string FromOption = "--from";

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var (from, seeds) = Parse(args);
        using var alone = OneAtATime.Enter(workspace);
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await solution.BuildTestsAsync(cancellationToken);
        return await Child.RunAsync(
            ["dotnet", Solution.Tests, "simulate", Text(from), Text(seeds)], new ChildOptions(workspace.Root), cancellationToken);
    }

    /// <summary>The first seed, and how many there are: with a first one alone, that one.</summary>
    private static (int From, int Seeds) Parse(IReadOnlyList<string> args)
    {
        int? from = null, seeds = null;
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case FromOption:
                    from = ParseNumber(FromOption, args.ElementAtOrDefault(++i), 0);
                    break;
                case SeedsOption:
                    seeds = ParseNumber(SeedsOption, args.ElementAtOrDefault(++i), 1);
                    break;
                default:
                    throw new DevException($"{args[i]} is not an option here; ./dev help lists them.");
            }
        }

        return (from ?? 0, seeds ?? (from is null ? 10_000 : 1));
    }

    private static int ParseNumber(string option, string? text, int min) =>
        WholeNumber.Parse(option, text, min, max: 1_000_000_000, example: 1000);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
