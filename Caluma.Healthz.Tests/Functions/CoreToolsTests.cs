namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// What Core Tools 4.14 need of the project's folder, by their source (ScriptHostHelpers.GetFunctionAppRootDirectory, SecretsManager,
/// PublishFunctionAppAction and DotnetHelpers in https://github.com/Azure/azure-functions-core-tools): they take the folder with host.json,
/// from where they are called upwards, for that of the app, and look there for local.settings.json and for the project. They are not run
/// here: they come from a site of Microsoft's own, and not from a package.
/// </summary>
public sealed class CoreToolsTests
{
    private const string HostJson = "host.json";

    private static readonly string _project = Path.Combine(Repository.Root, "Caluma.Healthz.Functions");

    [Fact]
    public void From_the_folder_of_the_project_they_find_that_folder_with_one_project_in_it()
    {
        Assert.Equal(_project, Climb(_project, HostJson));
        Assert.Equal(_project, Climb(_project, HostJson, "local.settings.json"));
        Assert.Single(Directory.EnumerateFiles(_project, "*.*proj"));
    }

    [Fact]
    public void The_two_host_json_are_one() => Assert.Equal(
        File.ReadAllBytes(Path.Combine(Repository.Root, HostJson)), File.ReadAllBytes(Path.Combine(_project, HostJson)));

    [Fact]
    public void What_is_built_has_one_host_json_at_its_top()
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
