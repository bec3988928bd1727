namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// The demands of Core Tools 4.14 on the project's folder, according to their source (ScriptHostHelpers.GetFunctionAppRootDirectory,
/// SecretsManager, PublishFunctionAppAction and DotnetHelpers in https://github.com/Azure/azure-functions-core-tools): the app's folder is
/// the nearest one upwards with a host.json, and must have local.settings.json and the project. The tools do not run here, because no
/// package has them.
/// </summary>
public sealed class CoreToolsTests
{
    private const string HostJson = "host.json";

    private static readonly string _project = Path.Combine(Repository.Root, "Caluma.Healthz.Functions");

    [Fact]
    public void Core_Tools_find_the_project_in_its_folder()
    {
        Assert.Equal(_project, Climb(_project, HostJson));
        Assert.Equal(_project, Climb(_project, HostJson, "local.settings.json"));
        Assert.Single(Directory.EnumerateFiles(_project, "*.*proj"));
    }

    [Fact]
    public void Both_host_json_files_are_the_same() => Assert.Equal(
        File.ReadAllBytes(Path.Combine(Repository.Root, HostJson)), File.ReadAllBytes(Path.Combine(_project, HostJson)));

    [Fact]
    public void The_build_output_has_one_host_json_at_its_top()
    {
        var built = Path.Combine(_project, "bin", "Debug", "net10.0");

        var found = Assert.Single(Directory.EnumerateFiles(built, HostJson, SearchOption.AllDirectories));

        Assert.Equal(Path.Combine(built, HostJson), found);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Repository.Root, HostJson)), File.ReadAllBytes(found));
    }

    [Theory]
    [InlineData("cp ../local.settings.json.example local.settings.json")]
    [InlineData("func start")]
    [InlineData("func azure functionapp publish NAME --dotnet-isolated")]
    public void The_README_calls_them_in_the_folder_of_the_project(string command)
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        var block = readme.Split("```").Where((_, index) => index % 2 == 1)
            .First(code => code.Contains($"\n{command}", StringComparison.Ordinal));

        Assert.StartsWith("sh\ncd Caluma.Healthz.Functions\n", block, StringComparison.Ordinal);
    }

    /// <summary>The first folder with one of some files, from a folder upwards.</summary>
    private static string? Climb(string folder, params string[] files) =>
        files.Any(file => File.Exists(Path.Combine(folder, file))) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Climb(parent, files)
        : null;
}
