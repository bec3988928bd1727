using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev bench</c>: runs a benchmark.</summary>
internal sealed class BenchCommand(Workspace workspace, Steps steps)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        if (args is not ["--alerts", ..])
        {
            throw new DevException("bench takes --alerts; ./dev help says more.");
        }

        using var alone = OneAtATime.Enter(workspace);
        await new Solution(workspace, steps).RestoreAsync(cancellationToken);
        return await Child.RunAsync(
            ["dotnet", "run", "--project", "Caluma.Healthz.Benchmarks", "-c", "Release", "--", "alerts", .. args.Skip(1)],
            new ChildOptions(workspace.Root),
            cancellationToken);
    }
}
