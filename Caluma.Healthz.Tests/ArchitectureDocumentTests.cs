using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests;

/// <summary>Holds docs/architecture.md against the code: its files and types exist, and its lists are short.</summary>
public sealed partial class ArchitectureDocumentTests
{
    /// <summary>The heading, and the line below it.</summary>
    private const int RowsOfHead = 2;

    private static readonly string _text = File.ReadAllText(Path.Combine(Repository.Root, "docs/architecture.md"));

    /// <summary>All types that are not nested: each is in a file of its name.</summary>
    private static readonly HashSet<string> _types =
    [
        .. from file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
           select Path.GetFileNameWithoutExtension(file),
    ];

    [Fact]
    public void Every_link_leads_to_a_file() => Assert.Empty(
        from link in Link().Matches(_text)
        let file = Path.Combine(Repository.Root, "docs", link.Groups["file"].Value)
        where !File.Exists(file) && !Directory.Exists(file)
        select link.Value);

    [Theory]
    [InlineData("The way of a request")]
    [InlineData("The way of a timer tick")]
    public void A_way_has_at_most_eight_steps_with_a_file_each(string heading)
    {
        var steps = Step().Matches(Section(heading)).Select(step => step.Value).ToList();

        Assert.InRange(steps.Count, 1, 8);
        Assert.All(steps, step => Assert.Single(Link().Matches(step), link => link.Value.Contains(".cs)", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("The way of a request")]
    [InlineData("The way of a timer tick")]
    [InlineData("Where to look")]
    public void Every_type_that_is_named_exists(string heading) => Assert.Empty(
        TypeName().Matches(Section(heading)).Select(name => name.Groups["type"].Value).Except(_types));

    [Fact]
    public void An_answer_is_in_at_most_two_files() => Assert.All(
        Row().Matches(Section("Where to look")), row => Assert.InRange(Link().Count(row.Value), 0, 2));

    [Fact]
    public void The_glossary_has_at_most_15_terms() =>
        Assert.InRange(Row().Count(Section("Words")) - RowsOfHead, 1, 15);

    private static string Section(string heading)
    {
        var start = _text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section {heading}.");
        var end = _text.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return _text[start..(end < 0 ? _text.Length : end)];
    }

    [GeneratedRegex(@"\[[^\]]+\]\((?<file>[^)#:]+)(#[^)]*)?\)")]
    private static partial Regex Link();

    // A step goes on in lines that are indented.
    [GeneratedRegex(@"^\d+\. .*(\n   .*)*", RegexOptions.Multiline)]
    private static partial Regex Step();

    [GeneratedRegex(@"^\|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    // A word with two capitals, alone or with a member: SharedRuns, CheckResult.HasVerdict.
    [GeneratedRegex(@"[`\[](?<type>[A-Z][a-z]+([A-Z][a-z]+)+)(\.\w+)?[`\]]")]
    private static partial Regex TypeName();
}
