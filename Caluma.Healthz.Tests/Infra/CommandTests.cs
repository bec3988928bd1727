using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>
/// Nobody here can run a command against Azure, so each was read in its reference page, with the options that it is called with.
/// </summary>
public sealed partial class CommandTests
{
    public static TheoryData<string> Files =>
    [
        "README.md", "docs/deploy.md", "docs/runbook.md", "docs/operations.md", "infra/main.bicep", ".github/workflows/deploy.yml",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_command_is_one_of_the_reference_with_options_that_it_has(string file)
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
    public void Every_page_that_was_read_is_of_a_command_that_is_used() =>
        Assert.Empty(ReferencePage.All.Except(Files.SelectMany(row => Commands(row.Data)).Select(Page).OfType<ReferencePage>())
            .Select(page => page.Command));

    // Core Tools build and publish the project in whose folder they are called: CoreToolsTests. From one without a project they would
    // refuse to deploy to Flex Consumption, or pack whatever is there: https://github.com/Azure/azure-functions-core-tools/issues/4794.
    [Theory]
    [MemberData(nameof(Files))]
    public void Core_Tools_publish_from_the_folder_of_the_project(string file) =>
        Assert.All(
            Read(file).Split('\n').Where(line => line.Contains("func azure", StringComparison.Ordinal)),
            line => Assert.Equal("func azure functionapp publish NAME --dotnet-isolated", line));

    [Fact]
    public void The_app_is_packed_the_same_way_by_hand_in_the_release_and_in_the_workflow_that_deploys()
    {
        // With .azurefunctions, which a * would leave out.
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

    // azd zips what dotnet publish makes but for .azure, local.settings.json and what .funcignore names
    // (https://github.com/Azure/azure-dev/blob/main/cli/azd/pkg/project/project_utils.go), so without a .funcignore it packs what we do.
    [Fact]
    public void Azd_packs_what_the_zip_holds()
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

    /// <summary>What is called, each on one line, up to where it ends or another begins.</summary>
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
