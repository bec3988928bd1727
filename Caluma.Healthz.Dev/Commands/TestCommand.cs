using System.Xml.Linq;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev test</c>: runs the tests, all or some. Its last line is <c>N passed, N failed</c>.</summary>
internal sealed class TestCommand(Workspace workspace, Steps steps, TextWriter output)
{
    private const string Fast = "--fast";
    private const string Changed = "--changed";
    private const string Tests = "Caluma.Healthz.Tests/bin/Debug/net10.0/Caluma.Healthz.Tests.dll";

    private string Results => workspace.PathOf("test-results");

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var speeds = args.Where(arg => arg is Fast or Changed).Distinct().ToList();
        if (speeds.Count > 1)
        {
            throw new DevException($"{Fast} and {Changed} exclude each other: {Changed} runs the fast tests, too.");
        }

        var speed = speeds.FirstOrDefault();
        List<string> selection = [.. args.Where(arg => arg is not (Fast or Changed))];
        using var alone = OneAtATime.Enter(workspace);
        var requirements = new Requirements(workspace, steps);
        if (speed is null)
        {
            await requirements.EnsureAsync(Requirements.OfTests, cancellationToken);
        }

        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await (speed == Fast
            ? solution.BuildAsync("the tests", ["Caluma.Healthz.Tests", .. Solution.WarningsAreErrors], cancellationToken)
            : solution.BuildAsync("everything", Solution.WarningsAreErrors, cancellationToken));
        switch (speed)
        {
            case Fast:
                selection.InsertRange(0, ["--filter-not-trait", "speed=slow"]);
                break;
            case Changed:
                var untouched = await FindUntouchedAsync(cancellationToken);
                selection.InsertRange(0, untouched.SelectMany(name => new[] { "--filter-not-class", name }));
                await requirements.EnsureAsync(Requirements.OfTests, cancellationToken);
                break;
        }

        return await RunSelectedAsync(selection, cancellationToken);
    }

    private async Task<int> RunSelectedAsync(IEnumerable<string> selection, CancellationToken cancellationToken)
    {
        steps.Report("running the tests");
        if (Directory.Exists(Results))
        {
            Directory.Delete(Results, recursive: true);
        }

        var code = await Child.RunAsync(
            ["dotnet", "test", "--no-build", "--results-directory", Results, "--report-xunit-trx", .. selection],
            new ChildOptions(workspace.Root),
            cancellationToken);
        var reports = Directory.Exists(Results) ? Directory.EnumerateFiles(Results, "*.trx") : [];
        var (line, ok) = TestSummary.Of([.. reports.Select(XDocument.Load)], code);
        await output.WriteLineAsync(line);
        return ok ? 0 : 1;
    }

    /// <summary>The slow classes that the change since the main branch does not touch.</summary>
    private async Task<IReadOnlyList<string>> FindUntouchedAsync(CancellationToken cancellationToken)
    {
        var options = new ChildOptions(workspace.Root) { Input = await ListChangedAsync(cancellationToken) };
        var untouched = await Child.CaptureAsync(["dotnet", Tests, "untouched"], options, cancellationToken)
            ?? throw new DevException("the tests that the change touches could not be determined.");
        var names = untouched.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        steps.Report("these slow tests are left out, because the change since main does not touch them:");
        foreach (var name in names)
        {
            steps.Report($"  {name.Replace("Caluma.Healthz.Tests.", "", StringComparison.Ordinal)}");
        }

        return names;
    }

    /// <summary>The paths of all files, committed or not, that differ from the point where this branch left main.</summary>
    private async Task<string> ListChangedAsync(CancellationToken cancellationToken)
    {
        foreach (var main in new[] { "main", "origin/main" })
        {
            if (await GitAsync("rev-parse", "--verify", "--quiet", main) is not null
                && (await GitAsync("merge-base", "HEAD", main))?.Trim() is { Length: > 0 } start)
            {
                return await GitAsync("diff", "--name-only", "--no-renames", start)
                    + await GitAsync("ls-files", "--others", "--exclude-standard");
            }
        }

        throw new DevException("--changed needs a branch main or origin/main to compare with, and its history: git fetch origin main.");

        Task<string?> GitAsync(params IEnumerable<string> arguments) => Child.CaptureAsync(
            ["git", "-c", "core.quotePath=false", .. arguments], new ChildOptions(workspace.Root), cancellationToken);
    }
}
