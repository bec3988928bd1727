using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev build</c>: builds everything.</summary>
internal sealed class BuildCommand(Workspace workspace, Steps steps)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        using var alone = OneAtATime.Enter(workspace);
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await solution.BuildAsync("everything", args, cancellationToken);
        return 0;
    }
}
