using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Servers;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>
/// Azure Functions Core Tools: those of this machine, else those in eng/. The npm package is a loader that downloads the program from
/// Microsoft.
/// </summary>
internal sealed class CoreTools(Workspace workspace, Steps steps)
{
    private string Package => Path.Combine(workspace.Root, "eng", "core-tools", "node_modules", "azure-functions-core-tools");

    private string Program => Path.Combine(Package, "bin", "func");

    /// <returns>The path of the program.</returns>
    public async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        if (Executable.IsInstalled("func"))
        {
            return "func";
        }

        await new Requirements(workspace, steps).EnsureAsync([Need.CoreTools], cancellationToken);
        var log = workspace.LogOf("core-tools");
        if (!File.Exists(Program))
        {
            await steps.RunAsync(
                "downloading Azure Functions Core Tools",
                cancel => Child.RunAsync(
                    ["node", Path.Combine(Package, "lib", "install.js")], new ChildOptions(workspace.Root) { Log = log }, cancel),
                cancellationToken);
        }

        return File.Exists(Program)
            ? Program
            : throw new DevException(
                $"Azure Functions Core Tools cannot be downloaded here ({workspace.Shown(log)}); "
                + "./dev run starts the same probe as a plain server.");
    }
}
