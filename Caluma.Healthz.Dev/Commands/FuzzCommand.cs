using System.Globalization;
using Caluma.Healthz.Dev.Processes;
using Caluma.Healthz.Dev.Setup;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>
/// <c>./dev fuzz</c>: feeds inputs that nobody has thought of to what the probe reads. afl-fuzz makes them, and keeps those that reach a
/// branch for the first time: SharpFuzz makes the probe tell it. The tests' program takes them.
/// </summary>
internal sealed class FuzzCommand(Workspace workspace, Steps steps, TextWriter output)
{
    private const string MinutesOption = "--minutes";
    private const int DefaultMinutes = 5;

    /// <summary>What must not stop it: https://github.com/AFLplusplus/AFLplusplus/blob/4.04c/docs/env_variables.md.</summary>
    private static readonly Dictionary<string, string> _environment = new()
    {
        // The program is dotnet, which is not instrumented itself.
        ["AFL_SKIP_BIN_CHECK"] = "1",
        ["AFL_NO_UI"] = "1",
        ["AFL_NO_AFFINITY"] = "1",
        ["AFL_SKIP_CPUFREQ"] = "1",
        ["AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES"] = "1",

        // The first input compiles all that it needs, in ms.
        ["AFL_FORKSRV_INIT_TMOUT"] = "120000",
    };

    private static readonly string[] _shown = ["execs_done", "corpus_count", "edges_found"];

    public async Task<int> RunAsync(IReadOnlyList<string> args, CancellationToken cancellationToken)
    {
        var (wanted, minutes) = Parse(args);
        using var alone = OneAtATime.Enter(workspace);
        await new Requirements(workspace, steps).EnsureAsync([Need.Fuzzer], cancellationToken);
        var solution = new Solution(workspace, steps);
        await solution.RestoreAsync(cancellationToken);
        await solution.BuildTestsAsync(cancellationToken);
        var all = (await Child.CaptureAsync(
            ["dotnet", Solution.Tests, "fuzz", "targets"], new ChildOptions(workspace.Root), cancellationToken) ?? "").Split('\n')[..^1];
        if (wanted is not null && !all.Contains(wanted))
        {
            throw new DevException($"the target must be one of {string.Join(", ", all)}, not {wanted}.");
        }

        var program = await InstrumentAsync(cancellationToken);
        var hasFaults = false;
        foreach (var target in wanted is null ? all : [wanted])
        {
            var hasEnded = await FuzzAsync(target, program, minutes, cancellationToken);
            var hasFault = await RetryAsync(target, hasEnded, cancellationToken);
            hasFaults |= hasFault;
            if (!hasEnded && !hasFault)
            {
                throw new DevException("afl-fuzz failed.") { Log = LogOf(target) };
            }
        }

        return hasFaults ? 1 : 0;
    }

    private static (string? Target, int Minutes) Parse(IReadOnlyList<string> args)
    {
        var (target, minutes) = ((string?)null, DefaultMinutes);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == MinutesOption)
            {
                minutes = WholeNumber.Parse(MinutesOption, args.ElementAtOrDefault(++i), min: 1, max: 1440, example: 30);
            }
            else if (target is null && !args[i].StartsWith('-'))
            {
                target = args[i];
            }
            else
            {
                throw new DevException($"{args[i]} is not an option here; ./dev help lists them.");
            }
        }

        return (target, minutes);
    }

    /// <summary>Makes a copy of the tests' program, in which the probe says which branches it takes.</summary>
    /// <returns>The program.</returns>
    private async Task<string> InstrumentAsync(CancellationToken cancellationToken)
    {
        var (tests, copy) = (Path.Combine(workspace.Root, Solution.Tests), Directory.CreateDirectory(workspace.PathOf("fuzz/program")));
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(tests)!))
        {
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)), overwrite: true);
        }

        await Child.RunLoggedAsync(
            ["dotnet", tests, "fuzz", "instrument", Path.Combine(copy.FullName, "Caluma.Healthz.dll")],
            new ChildOptions(workspace.Root) { Log = workspace.LogOf("fuzz") },
            "SharpFuzz could not instrument the probe.",
            cancellationToken);
        return Path.Combine(copy.FullName, Path.GetFileName(tests));
    }

    /// <returns>False where it ended too early: the program has ended, or was stopped because an input took longer than a minute.</returns>
    private async Task<bool> FuzzAsync(string target, string program, int minutes, CancellationToken cancellationToken)
    {
        var found = FolderOf(target);
        if (Directory.Exists(found))
        {
            Directory.Delete(found, recursive: true);
        }

        Directory.CreateDirectory(found);
        var code = 0;
        await steps.RunAsync(
            $"fuzzing {target} for {minutes} min",
            async cancel => code = await Child.RunAsync(
                [
                    "afl-fuzz", "-V", (minutes * 60).ToString(CultureInfo.InvariantCulture), "-t", "60000", "-m", "none",
                    "-i", $"Caluma.Healthz.Tests/Fuzzing/Corpora/{target}", "-o", found, "--", "dotnet", program, "fuzz", "take", target,
                ],
                new ChildOptions(workspace.Root) { Log = LogOf(target), Environment = _environment },
                cancel),
            cancellationToken);
        if (code != 0)
        {
            return false;
        }

        var stats = (await File.ReadAllLinesAsync(Path.Combine(found, "default", "fuzzer_stats"), cancellationToken))
            .Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
        await output.WriteLineAsync($"{target}: {string.Join(", ", _shown.Select(name => $"{name} {stats[name]}"))}");
        return true;
    }

    /// <summary>Takes what afl-fuzz found once more, in the program as it is.</summary>
    /// <param name="target">The target.</param>
    /// <param name="hasEnded">Whether afl-fuzz has come to its end; else its last input may be at fault, too.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>Whether there are faults.</returns>
    private async Task<bool> RetryAsync(string target, bool hasEnded, CancellationToken cancellationToken)
    {
        var files = ((string[])["crashes", "hangs"])
            .SelectMany(kind => Directory.EnumerateFiles(Path.Combine(FolderOf(target), "default", kind), "id:*"))
            .Concat(hasEnded ? [] : Directory.EnumerateFiles(Path.Combine(FolderOf(target), "default"), ".cur_input"))
            .Order(StringComparer.Ordinal).ToList();

        // An input that takes for ever is ended.
        return files.Count > 0 && await Child.RunAsync(
            ["timeout", "300", "dotnet", Solution.Tests, "fuzz", "retry", target, .. files],
            new ChildOptions(workspace.Root),
            cancellationToken) != 0;
    }

    private string LogOf(string target) => workspace.LogOf($"fuzz-{target}");

    private string FolderOf(string target) => workspace.PathOf($"fuzz/found/{target}");
}
