using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Statements of docs/ about infra/, and links between pages.</summary>
public sealed partial class GuideTests
{
    private static string Guides => Read("docs/deploy.md") + Read("docs/runbook.md");

    [Fact]
    public void The_table_has_exactly_the_variables_that_the_parameters_read() =>
        Assert.Equal(
            Variable().Matches(Read("infra/main.bicepparam")).Select(match => match.Groups["name"].Value).Distinct().Order(),
            TableRow().Matches(Read("docs/deploy.md")).SelectMany(row => Name().Matches(row.Groups["names"].Value))
                .Select(match => match.Value).Order());

    [Fact]
    public void Every_named_output_exists() =>
        Assert.Empty(
            from output in Output().Matches(Guides).Select(match => match.Value).Distinct()
            where !Read("infra/main.bicep").Contains($"output {output} string", StringComparison.Ordinal)
            select output);

    [Fact]
    public void Every_named_parameter_exists() =>
        Assert.Empty(
            from parameter in Assignment().Matches(Guides).Select(match => match.Groups["name"].Value).Distinct()
            where !Regex.IsMatch(Read("infra/main.bicep"), $@"^param {parameter} ", RegexOptions.Multiline)
            select parameter);

    [Fact]
    public void Every_link_within_the_repository_has_a_target() =>
        Assert.Empty(
            from page in Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
                .Append(Path.Combine(Repository.Root, "README.md"))
            from link in Link().Matches(File.ReadAllText(page)).Select(match => match.Groups["target"].Value)
            where !link.Contains("://", StringComparison.Ordinal)
            let parts = link.Split('#', 2)
            let file = parts[0].Length == 0 ? page : Path.GetFullPath(parts[0], Path.GetDirectoryName(page)!)
            where !File.Exists(file) || (parts.Length == 2 && !Anchors(file).Contains(parts[1]))
            select $"{Path.GetFileName(page)}: {link}");

    // With another level the host would drop the events, or their whole category, before any query could see them.
    [Fact]
    public void The_host_drops_no_event()
    {
        var host = JsonNode.Parse(Read("host.json"))!["logging"]!;
        var levels = host["logLevel"]!.AsObject();

        Assert.Equal("Information", levels.Text("default"));
        Assert.DoesNotContain(levels, level => level.Key.Split('.')[0] is "Function" or "Host");
        Assert.Superset(
            new HashSet<string> { "Trace", "Exception" },
            host.Text("applicationInsights.samplingSettings.excludedTypes").Split(';').ToHashSet());
    }

    [Fact]
    public void The_app_that_azd_deploys_is_the_one_with_its_tag()
    {
        var azure = Read("azure.yaml");

        Assert.Contains("\nservices:\n  healthz:\n    project: Caluma.Healthz.Functions\n", azure, StringComparison.Ordinal);
        Assert.Contains("{ 'azd-service-name': 'healthz' }", Read("infra/modules/function-app.bicep"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Repository.Root, "Caluma.Healthz.Functions", "Caluma.Healthz.Functions.csproj")));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    /// <summary>The anchors of a page's headings on GitHub.</summary>
    private static IEnumerable<string> Anchors(string page) =>
        from heading in Heading().Matches(File.ReadAllText(page)).Select(match => match.Groups["text"].Value)
        select NoAnchor().Replace(heading.ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"readEnvironmentVariable\(\s*'(?<name>\w+)'")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\| (?<names>`(AZURE|HEALTHZ)_[^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"\b(AZURE|HEALTHZ)_\w+")]
    private static partial Regex Name();

    [GeneratedRegex(@"\bhealthz[A-Z]\w+")]
    private static partial Regex Output();

    [GeneratedRegex(@"`(?<name>[a-z]\w+) = ")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
