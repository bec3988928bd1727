using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>
/// <c>./dev mutate</c>: changes the code in a place at a time (Stryker), and counts how often a fast test fails. It works in a copy of the
/// clone, because Stryker replaces what is built.
/// </summary>
internal sealed class MutateCommand(Workspace workspace, Steps steps, TextWriter output)
{
    private const string Library = "Caluma.Healthz";
    private const string Tests = "Caluma.Healthz.Tests";

    /// <summary>https://stryker-mutator.io/docs/stryker-net/ignore-mutations/</summary>
    private const string Disabled = "// Stryker disable all\n";

    /// <summary>
    /// What Stryker needs. The analysis asks <c>dotnet --info</c> and waits for 2 s, which a busy machine exceeds; analyzers would refuse
    /// mutated code.
    /// </summary>
    private static readonly Dictionary<string, string> _environment = new()
    {
        ["DOTNET_INFO_WAIT_TIME"] = "60000",
        ["RunAnalyzers"] = "false",
        ["EnforceCodeStyleInBuild"] = "false",
    };

    private string Copy => workspace.PathOf("mutate");

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var places = args is [] ? MutatedPart.Folders : args.Select(Normalize).Distinct();
        List<MutatedPart> parts = [.. places.SelectMany(MutatedPart.Of)];
        using var alone = OneAtATime.Enter(workspace);
        await steps.RunAsync("copying the clone", CopyAsync, cancellationToken);
        await steps.RunAsync("restoring Stryker", RestoreAsync, cancellationToken);
        var reports = new List<MutationReport>();
        foreach (var part in parts)
        {
            await DisableOthersAsync(part, cancellationToken);
            await steps.RunAsync($"mutating {part.Name}", cancel => MutateAsync(part, cancel), cancellationToken);
            var report = Path.Combine(FolderOf(part), "reports", "mutation-report.json");
            reports.Add(MutationReport.Parse(part.Name, await File.ReadAllTextAsync(report, cancellationToken)));
        }

        await output.WriteAsync(MutationTable.Format(reports));
        return reports.TrueForAll(report => report.Score >= MutationReport.MinScore) ? 0 : 1;
    }

    /// <summary>A folder or file of the library, relative to it.</summary>
    private string Normalize(string arg)
    {
        var place = arg.StartsWith($"{Library}/", StringComparison.Ordinal) ? arg[(Library.Length + 1)..] : arg;
        place = place.TrimEnd('/');
        var path = Path.Combine(workspace.Root, Library, place);
        return place.Length > 0 && !place.StartsWith('-') && !place.Contains("..", StringComparison.Ordinal)
            && !Path.IsPathRooted(place) && (Directory.Exists(path) || path.EndsWith(".cs", StringComparison.Ordinal) && File.Exists(path))
            ? place
            : throw new DevException($"{arg} must be a folder or a C# file in {Library}, such as Trends or Trends/Forecast.cs.");
    }

    private async Task CopyAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(Copy))
        {
            Directory.Delete(Copy, recursive: true);
        }

        var files = await Child.CaptureAsync(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], new ChildOptions(workspace.Root), cancellationToken)
            ?? throw new DevException("git ls-files failed: ./dev mutate needs a clone.");
        foreach (var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (from, to) = (Path.Combine(workspace.Root, file), Path.Combine(Copy, file));
            if (File.Exists(from))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(from, to);
            }
        }

        // The first test that fails has noticed a change; the others need not run.
        await File.WriteAllTextAsync(
            Path.Combine(Copy, Tests, "xunit.runner.json"), """{ "stopOnFail": true }""", cancellationToken);
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (string[] command in (string[][])[["dotnet", "tool", "restore"], ["dotnet", "restore"]])
        {
            await Child.RunLoggedAsync(
                command,
                new ChildOptions(Copy) { Log = workspace.LogOf("mutate") },
                $"{string.Join(' ', command)} failed.",
                cancellationToken);
        }
    }

    /// <summary>
    /// Keeps Stryker from changing the rest of the library: it would do so and then not test the changes, which takes four minutes more to
    /// compile and makes all tests slower.
    /// </summary>
    private async Task DisableOthersAsync(MutatedPart part, CancellationToken cancellationToken)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Copy, Library), "*.cs", SearchOption.AllDirectories))
        {
            var file = Path.GetRelativePath(Path.Combine(Copy, Library), path);
            if (file.StartsWith("obj/", StringComparison.Ordinal))
            {
                continue;
            }

            var text = await File.ReadAllTextAsync(path, cancellationToken);
            var isDisabled = text.StartsWith(Disabled, StringComparison.Ordinal);
            var isMutated = part.Has(file);
            if (isDisabled == isMutated)
            {
                await File.WriteAllTextAsync(path, isMutated ? text[Disabled.Length..] : Disabled + text, cancellationToken);
            }
        }
    }

    private Task MutateAsync(MutatedPart part, CancellationToken cancellationToken) => Child.RunLoggedAsync(
        [
            "dotnet", "stryker", "--skip-version-check",
            .. part.Globs.SelectMany(glob => new[] { "--mutate", glob }),
            "--output", FolderOf(part),
        ],
        new ChildOptions(Path.Combine(Copy, Tests))
        {
            Log = workspace.LogOf("mutate"),
            Environment = new Dictionary<string, string>(_environment)
            {
                // The name is that in SelectedTests. Folders of the tests mirror folders of the code.
                ["HEALTHZ_TESTS"] = string.Join(',', part.Tests),
            },
        },
        $"Stryker failed in {part.Name}.",
        cancellationToken);

    private string FolderOf(MutatedPart part) =>
        workspace.PathOf(Path.Combine("mutations", part.Name.Replace('/', '.').Replace(", ", ".", StringComparison.Ordinal)));
}
