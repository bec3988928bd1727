using System.IO.Enumeration;
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

    /// <summary>The folders of what decides: rules, calculators, folds, filters, reasons, settings and parsers.</summary>
    private static readonly string[] _folders = ["Checks", "Configuration", "History", "Http", "Migrations", "Trends"];

    /// <summary>
    /// Of the checks, only what decides: the rest talks to servers, which no fast test starts. Of the history, what is not a storage: slow
    /// tests ask each storage the same. Of the trends, rules and calculators.
    /// </summary>
    private static readonly Dictionary<string, string[]> _files = new()
    {
        ["Checks"] = ["*Errors.cs", "*Failure.cs", "S3Region.cs", "SaslPrep.cs"],
        ["History"] =
        [
            "*Converter.cs", "Day*.cs", "Document*.cs", "*Failure.cs", "HistoryNames.cs", "Hour*.cs", "LatencyHistogram.cs",
            "LogPosition.cs", "PeriodSummary.cs", "Re*.cs", "Ser*.cs", "StoredCounts.cs", "SummaryDocument.cs", "T*.cs",
        ],
        ["Trends"] =
        [
            "Burn*.cs", "Chance.cs", "Drift.cs", "ExpectedRuns.cs", "FailingRow.cs", "Forecast.cs", "LatencyPool.cs", "LevelHistory.cs",
            "MissedRuns.cs", "SilentRule.cs", "TheilSen.cs",
        ],
    };

    /// <summary>
    /// The tests, where they are not those of the folder. What the history counts and filters is tested where it is used. Most tests of
    /// the trends simulate months, and a survivor would take minutes: the others are those of the rules and calculators.
    /// </summary>
    private static readonly Dictionary<string, string[]> _tests = new()
    {
        ["History"] =
        [
            "History", "Http/HistoryFilterTests", "Http/HistoryQueryTests", "Http/HistoryRouteTests", "Recording/RetentionTests",
            "Recording/RollupUpdaterTests", "Recording/SummaryUpdaterTests", "Trends/UnreadableDayTests",
        ],
        ["Trends"] =
        [
            "Trends/BurnRateTests", "Trends/ChanceTests", "Trends/ClockTests", "Trends/DriftTests", "Trends/ExpectedRunsTests",
            "Trends/FailingRowTests", "Trends/LatencyDriftTests", "Trends/LatencyPoolTests", "Trends/LevelHistoryTests",
            "Trends/MissedRunsTests", "Trends/MissingDataTests", "Trends/TheilSenTests", "Trends/TimeoutForecastTests",
        ],
    };

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
        List<string> places = args is [] ? [.. _folders] : [.. args.Select(Normalize).Distinct()];
        using var alone = OneAtATime.Enter(workspace);
        await steps.RunAsync("copying the clone", CopyAsync, cancellationToken);
        await steps.RunAsync("restoring Stryker", RestoreAsync, cancellationToken);
        var reports = new List<MutationReport>();
        foreach (var place in places)
        {
            await DisableOthersAsync(place, cancellationToken);
            await steps.RunAsync($"mutating {place}", cancel => MutateAsync(place, cancel), cancellationToken);
            reports.Add(MutationReport.Parse(place, await File.ReadAllTextAsync(ReportOf(place), cancellationToken)));
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
    private async Task DisableOthersAsync(string place, CancellationToken cancellationToken)
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
            var isMutated = file == place || (file.StartsWith($"{place}/", StringComparison.Ordinal) && IsMeasured(place, file));
            if (isDisabled == isMutated)
            {
                await File.WriteAllTextAsync(path, isMutated ? text[Disabled.Length..] : Disabled + text, cancellationToken);
            }
        }
    }

    private Task MutateAsync(string place, CancellationToken cancellationToken)
    {
        var isFile = place.EndsWith(".cs", StringComparison.Ordinal);
        var folder = isFile ? Path.GetDirectoryName(place)! : place;
        return Child.RunLoggedAsync(
            [
                "dotnet", "stryker", "--skip-version-check",
                .. isFile ? ["--mutate", place] : FilesOf(place).SelectMany(files => new[] { "--mutate", $"{place}/**/{files}" }),
                "--output", FolderOf(place),
            ],
            new ChildOptions(Path.Combine(Copy, Tests))
            {
                Log = workspace.LogOf("mutate"),
                Environment = new Dictionary<string, string>(_environment)
                {
                    // The name is that in SelectedTests. Folders of the tests mirror folders of the code.
                    ["HEALTHZ_TESTS"] = isFile && !IsMeasured(folder, place)
                        ? folder
                        : string.Join(',', _tests.GetValueOrDefault(folder, [folder])),
                },
            },
            $"Stryker failed in {place}.",
            cancellationToken);
    }

    /// <summary>The names of the files of a folder that are changed, with <c>*</c>.</summary>
    private static string[] FilesOf(string folder) => _files.GetValueOrDefault(folder, ["*.cs"]);

    private static bool IsMeasured(string folder, string file) =>
        FilesOf(folder).Any(files => FileSystemName.MatchesSimpleExpression(files, Path.GetFileName(file), ignoreCase: false));

    private string FolderOf(string place) => workspace.PathOf(Path.Combine("mutations", place.Replace('/', '.')));

    private string ReportOf(string place) => Path.Combine(FolderOf(place), "reports", "mutation-report.json");
}
