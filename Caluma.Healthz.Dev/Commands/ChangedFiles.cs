using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>What is different from the main branch, committed or not.</summary>
internal sealed class ChangedFiles(Workspace workspace)
{
    private const string Main = "main";

    /// <summary>
    /// The paths of all files that differ from where this branch left the main one, a line each, relative to the clone; of a file that was
    /// renamed both. On the main branch itself it is the published one that counts.
    /// </summary>
    /// <exception cref="DevException">There is no such branch, or git fails.</exception>
    public async Task<string> ListAsync(CancellationToken cancellationToken)
    {
        var branch = (await FindAsync(cancellationToken, "branch", "--show-current"))?.Trim();
        string[] mains = branch == Main ? [$"origin/{Main}", Main] : [Main, $"origin/{Main}"];
        foreach (var main in mains)
        {
            if (await FindAsync(cancellationToken, "rev-parse", "--verify", "--quiet", main) is not null
                && (await FindAsync(cancellationToken, "merge-base", "HEAD", main))?.Trim() is { Length: > 0 } start)
            {
                return await RunAsync(cancellationToken, "diff", "--name-only", "--no-renames", "--relative", start)
                    + await RunAsync(cancellationToken, "ls-files", "--others", "--exclude-standard");
            }
        }

        throw new DevException("--changed needs a branch main or origin/main to compare with, and its history: git fetch origin main.");
    }

    private async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        await FindAsync(cancellationToken, arguments) ?? throw new DevException($"git {string.Join(' ', arguments)} failed.");

    /// <returns>Null where git says no.</returns>
    private Task<string?> FindAsync(CancellationToken cancellationToken, params string[] arguments) => Child.CaptureAsync(
        ["git", "-c", "core.quotePath=false", .. arguments], new ChildOptions(workspace.Root), cancellationToken);
}
