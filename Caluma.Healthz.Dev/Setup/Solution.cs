using System.Security.Cryptography;
using System.Text;
using Caluma.Healthz.Dev.Processes;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Restores and builds.</summary>
internal sealed class Solution(Workspace workspace, Steps steps)
{
    /// <summary>
    /// All warnings except advisories: an advisory of tomorrow must not break the build of an old commit (Directory.Build.props).
    /// </summary>
    public static readonly IReadOnlyList<string> WarningsAreErrors = ["-warnaserror", "-warnnotaserror:NU1901;NU1902;NU1903;NU1904"];

    /// <summary>The program with the tests, in the root of the clone.</summary>
    public const string Tests = "Caluma.Healthz.Tests/bin/Debug/net10.0/Caluma.Healthz.Tests.dll";

    private static readonly string[] _restoreInputs =
        ["*.slnx", "global.json", "Directory.*.props", "nuget.config", "NuGet.config", "NuGet.Config"];

    /// <summary>Restores the packages if a file that names them has changed.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        var stamp = workspace.PathOf("restored");
        var wanted = await HashInputsAsync(cancellationToken);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == wanted
            && Projects().All(project => File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "obj", "project.assets.json"))))
        {
            return;
        }

        var log = workspace.LogOf("restore");
        await steps.RunAsync(
            "restoring the NuGet packages",
            cancel => Child.RunLoggedAsync(
                ["dotnet", "restore"], new ChildOptions(workspace.Root) { Log = log }, "dotnet restore failed.", cancel),
            cancellationToken);
        await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
    }

    /// <summary>Builds the solution.</summary>
    public Task BuildAsync(string what, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (name, work) = Build(what, arguments);
        return steps.RunAsync(name, work, cancellationToken);
    }

    /// <summary>Builds <see cref="Tests"/> and what it needs. Warnings are errors.</summary>
    public Task BuildTestsAsync(CancellationToken cancellationToken) =>
        BuildAsync("the tests", ["Caluma.Healthz.Tests", .. WarningsAreErrors], cancellationToken);

    /// <summary>Builds the solution as a step.</summary>
    public (string What, Func<CancellationToken, Task> Work) Build(string what, params IEnumerable<string> arguments) => (
        $"building {what}",
        cancel => Child.RunLoggedAsync(
            ["dotnet", "build", "--no-restore", "-v", "quiet", .. arguments],
            new ChildOptions(workspace.Root) { Log = workspace.LogOf("build") },
            "dotnet build failed.",
            cancel));

    private IEnumerable<string> Projects() => Directory.EnumerateDirectories(workspace.Root)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
        .Order(StringComparer.Ordinal);

    private async Task<string> HashInputsAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = _restoreInputs
            .SelectMany(pattern => Directory.EnumerateFiles(workspace.Root, pattern).Order(StringComparer.Ordinal))
            .Concat(Projects());
        foreach (var file in files)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(file));
            hash.AppendData(await File.ReadAllBytesAsync(file, cancellationToken));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
