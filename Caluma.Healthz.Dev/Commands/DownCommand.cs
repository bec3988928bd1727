using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev down</c>: stops the <c>./dev</c> that runs in this clone. After a kill its servers have ended, too.</summary>
internal sealed class DownCommand(Workspace workspace, Steps steps)
{
    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        if (args is [var first, ..])
        {
            throw new DevException($"{first} is not an option here; ./dev help lists them.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!await OneAtATime.StopOtherAsync(workspace, steps.Report))
        {
            steps.Report("nothing is running");
        }

        steps.Report("to start over: rm -rf .dev eng/*/node_modules");
        return 0;
    }
}
