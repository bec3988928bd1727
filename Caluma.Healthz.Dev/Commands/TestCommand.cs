using System.Xml.Linq;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary><c>./dev test</c>: runs the tests, all or some. Its last line is <c>N passed, N failed</c>.</summary>
internal sealed class TestCommand(Workspace workspace, Steps steps, TextWriter output)
{
    private const string Fast = "--fast";
    private const string Changed = "--changed";
    private const string Coverage = "--coverage";

    /// <summary>Instruments what ships and can be loaded into the tests; each place needs to be hit but once.</summary>
    private static readonly string[] _coverage =
        ["--coverlet", "--coverlet-output-format", "cobertura", "--coverlet-single-hit", "--coverlet-include", "[Caluma.Healthz]*",
            "--coverlet-include", "[caluma-healthz]*"];

    /// <summary>
    /// For a run of all tests, or of all that a change touches: it compiles the native program anyhow, so their processes are that program.
    /// Workers live for seconds, and would spend 6 % of their processor time on profiles for a compilation that never comes.
    /// </summary>
    private static readonly Dictionary<string, string> _native = new()
    {
        ["HEALTHZ_TEST_PROCESSES"] = "native",
        ["DOTNET_TieredPGO"] = "0",
    };

    private string Results => workspace.PathOf("test-results");

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var speeds = args.Where(arg => arg is Fast or Changed).Distinct().ToList();
        if (speeds.Count > 1)
        {
            throw new DevException($"{Fast} and {Changed} exclude each other: {Changed} runs the fast tests, too.");
        }

        var speed = speeds.FirstOrDefault();
        List<string> selection = [.. args.Where(arg => arg is not (Fast or Changed or Coverage))];
        var isNative = speed is Changed || (speed is null && selection.Count == 0);
        using var alone = OneAtATime.Enter(workspace);
        var requirements = new Requirements(workspace, steps);
        if (speed is null)
        {
            await requirements.EnsureAsync(Requirements.OfTests, cancellationToken);
        }

        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await (speed == Fast
            ? solution.BuildTestsAsync(cancellationToken)
            : solution.BuildAsync("everything", Solution.WarningsAreErrors, cancellationToken));
        switch (speed)
        {
            case Fast:
                selection.InsertRange(0, ["--filter-not-trait", "speed=slow"]);
                break;
            case Changed:
                var slow = await FindTouchedAsync(cancellationToken);
                selection.InsertRange(0, slow[false].SelectMany(name => new[] { "--filter-not-class", name }));
                if (slow[true].Any())
                {
                    await requirements.EnsureAsync(Requirements.OfTests, cancellationToken);
                }

                break;
        }

        return await RunSelectedAsync(selection, isNative, args.Contains(Coverage), cancellationToken);
    }

    private async Task<int> RunSelectedAsync(
        IEnumerable<string> selection, bool isNative, bool coverage, CancellationToken cancellationToken)
    {
        steps.Report("running the tests");
        if (Directory.Exists(Results))
        {
            Directory.Delete(Results, recursive: true);
        }

        var code = await Child.RunAsync(
            [
                "dotnet", "test", "--no-build", "--results-directory", Results, "--report-xunit-trx",
                .. coverage ? _coverage : [], .. selection,
            ],
            isNative ? new ChildOptions(workspace.Root) { Environment = _native } : new ChildOptions(workspace.Root),
            cancellationToken);
        var (line, ok) = TestSummary.Of(LoadResults("*.trx"), code);
        if (coverage)
        {
            await output.WriteLineAsync(CoverageSummary.Of(LoadResults("*.cobertura*.xml")));
        }

        await output.WriteLineAsync(line);
        return ok ? 0 : 1;
    }

    private List<XDocument> LoadResults(string pattern) =>
        Directory.Exists(Results) ? [.. Directory.EnumerateFiles(Results, pattern).Select(file => XDocument.Load(file))] : [];

    /// <summary>The slow classes, by whether the change since the main branch touches them.</summary>
    private async Task<ILookup<bool, string>> FindTouchedAsync(CancellationToken cancellationToken)
    {
        var options = new ChildOptions(workspace.Root) { Input = await new ChangedFiles(workspace).ListAsync(cancellationToken) };
        var classes = await Child.CaptureAsync(["dotnet", Solution.Tests, "touched"], options, cancellationToken)
            ?? throw new DevException("the tests cannot tell which of them the change touches.");
        var slow = classes.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 2))
            .ToLookup(line => line[0] == "touched", line => line[1]);
        var (touched, untouched) = (slow[true].Count(), slow[false].Count());
        steps.Report($"of {touched + untouched} slow classes, the change since main touches {(touched == 0 ? "none" : $"{touched}:")}");
        ReportAll(slow[true]);
        steps.Report(untouched == 0 ? "none is left out" : $"left out are {untouched}, which it does not touch:");
        ReportAll(slow[false]);
        return slow;
    }

    private void ReportAll(IEnumerable<string> classes)
    {
        foreach (var name in classes)
        {
            steps.Report($"  {name.Replace("Caluma.Healthz.Tests.", "", StringComparison.Ordinal)}");
        }
    }
}
