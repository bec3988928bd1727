using System.Globalization;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev endure</c>: runs the checks many times, and says what grows. The tests' program does it.</summary>
internal sealed class EndureCommand(Workspace workspace, Steps steps)
{
    private const string RunsOption = "--runs";
    private const int DefaultRuns = 100_000;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var runs = Parse(args);
        using var alone = OneAtATime.Enter(workspace);
        await new Requirements(workspace, steps).EnsureAsync([Need.Postgres, Need.Redis, Need.Azurite], cancellationToken);
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await solution.BuildTestsAsync(cancellationToken);
        return await Child.RunAsync(
            ["dotnet", Solution.Tests, "endure", runs.ToString(CultureInfo.InvariantCulture)],
            new ChildOptions(workspace.Root),
            cancellationToken);
    }

    private static int Parse(IReadOnlyList<string> args) => args switch
    {
        [] => DefaultRuns,
        [RunsOption] or [RunsOption, _] =>
            WholeNumber.Parse(RunsOption, args.ElementAtOrDefault(1), min: 100, max: 100_000_000, example: 10_000),
        _ => throw new DevException($"{args[args[0] == RunsOption ? 2 : 0]} is not an option here; ./dev help lists them."),
    };
}
