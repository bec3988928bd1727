using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The commands cannot run without Azure, so each was compared with its reference page, with all its options.</summary>
public sealed partial class CommandTests
{
    public static TheoryData<string> Files =>
    [
        "README.md", "docs/deploy.md", "docs/runbook.md", "docs/operations.md", "infra/main.bicep", ".github/workflows/deploy.yml",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_command_and_option_is_in_its_reference_page(string file)
    {
        Assert.Empty(
            from command in Commands(file)
            let page = Page(command)
            let options = Option().Matches(command).Select(match => match.Value)
            let unread = page is null ? ["(the command itself)"] : options.Except(page.Options).Except(ReferencePage.EveryCommand)
            where unread.Any()
            select $"{command}: {string.Join(", ", unread)}");
    }

    [Fact]
    public void Every_reference_page_is_of_a_used_command() =>
        Assert.Empty(ReferencePage.All.Except(Files.SelectMany(row => Commands(row.Data)).Select(Page).OfType<ReferencePage>())
            .Select(page => page.Command));

    // Core Tools build and publish the project of the current folder: CoreToolsTests. In a folder without a project they refuse to deploy
    // to Flex Consumption, or pack all its files: https://github.com/Azure/azure-functions-core-tools/issues/4794.
    [Theory]
    [MemberData(nameof(Files))]
    public void Core_Tools_publish_from_the_folder_of_the_project(string file) =>
        Assert.All(
            Read(file).Split('\n').Where(line => line.Contains("func azure", StringComparison.Ordinal)),
            line => Assert.Equal("func azure functionapp publish NAME --dotnet-isolated", line));

    [Fact]
    public void The_app_is_packed_in_the_same_way_by_hand_in_the_release_and_in_the_workflow()
    {
        // Includes .azurefunctions, which a * would leave out.
        const string Pack = "(cd publish && zip -q -X -r ";

        Assert.All(
            ["README.md", "docs/deploy.md", ".github/workflows/deploy.yml", ".github/workflows/release.yml"],
            file =>
            {
                Assert.Contains("dotnet publish Caluma.Healthz.Functions --configuration Release --output publish",
                    Read(file), StringComparison.Ordinal);
                Assert.Contains(Pack, Read(file), StringComparison.Ordinal);
            });
    }

    // azd zips the output of dotnet publish without .azure, local.settings.json and the files in .funcignore
    // (https://github.com/Azure/azure-dev/blob/main/cli/azd/pkg/project/project_utils.go), so without a .funcignore it packs the same
    // files.
    [Fact]
    public void Azd_packs_the_same_files_as_the_zip()
    {
        Assert.False(File.Exists(Path.Combine(Repository.Root, "Caluma.Healthz.Functions", ".funcignore")));
        Assert.DoesNotMatch("(?m)^ +(dist|remoteBuild|hooks):", Read("azure.yaml"));
        Assert.Contains("    language: dotnet\n    host: function\n", Read("azure.yaml"), StringComparison.Ordinal);
        Assert.StartsWith("# yaml-language-server: $schema=https://", Read("azure.yaml"), StringComparison.Ordinal);
        Assert.Contains("\n.azure/\n", Read(".gitignore"), StringComparison.Ordinal);
    }

    private static ReferencePage? Page(string command) =>
        ReferencePage.All.Where(page => $"{command} ".StartsWith($"{page.Command} ", StringComparison.Ordinal))
            .MaxBy(page => page.Command.Length);

    /// <summary>The commands, each on one line.</summary>
    private static IEnumerable<string> Commands(string file)
    {
        var text = Read(file);
        var code = file.EndsWith(".md", StringComparison.Ordinal)
            ? string.Join('\n', Shell().Matches(text).Concat(Inline().Matches(text)).Select(match => match.Groups["code"].Value))
            : text;
        return Command().Matches(Comment().Replace(code.Replace("\\\n", " ", StringComparison.Ordinal), ""))
            .Select(match => Spaces().Replace(match.Value, " ").Trim());
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex(@"(?<![\w./-])azd? (?=[a-z])[^\n`|;)]*")]
    private static partial Regex Command();

    [GeneratedRegex(@"(?<= )--[a-z][a-z-]*")]
    private static partial Regex Option();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex("^```sh\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Shell();

    [GeneratedRegex("`(?<code>azd? [^`]*)`")]
    private static partial Regex Inline();

    [GeneratedRegex("(^|(?<= ))(#|//) .*$", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
