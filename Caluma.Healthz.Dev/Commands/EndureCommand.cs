using System.Globalization;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>
/// <c>./dev endure</c>: runs the checks many times, and says what grows; or kills each front door many times, and says what is lost or
/// left. The tests' program does it.
/// </summary>
internal sealed class EndureCommand(Workspace workspace, Steps steps)
{
    private const string RunsOption = "--runs";
    private const string KillsOption = "--kills";
    private const string Runs = "endure";
    private const string Kills = "kill";
    private const int DefaultRuns = 100_000;
    private const int DefaultKills = 200;

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var (what, times) = Parse(args);
        using var alone = OneAtATime.Enter(workspace);
        await new Requirements(workspace, steps).EnsureAsync([Need.Postgres, Need.Redis, Need.Azurite], cancellationToken);
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await solution.BuildTestsAsync(cancellationToken);
        return await Child.RunAsync(
            ["dotnet", Solution.Tests, what, times.ToString(CultureInfo.InvariantCulture)],
            new ChildOptions(workspace.Root),
            cancellationToken);
    }

    private static (string What, int Times) Parse(IReadOnlyList<string> args) => args switch
    {
        [] => (Runs, DefaultRuns),
        [RunsOption] or [RunsOption, _] =>
            (Runs, WholeNumber.Parse(RunsOption, args.ElementAtOrDefault(1), min: 100, max: 100_000_000, example: 10_000)),
        [KillsOption] => (Kills, DefaultKills),
        [KillsOption, var kills] => (Kills, WholeNumber.Parse(KillsOption, kills, min: 1, max: 10_000, example: DefaultKills)),
        _ => throw new DevException(
            $"{args[args[0] is RunsOption or KillsOption ? 2 : 0]} is not an option here; ./dev help lists them."),
    };
}
