using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests;

/// <summary>Reads the tables of docs/reasons.md.</summary>
internal static partial class ReasonTable
{
    /// <summary>The rows of one system's table: the answer and the reason.</summary>
    /// <param name="system">The heading above it.</param>
    public static IReadOnlyList<(string Answer, Reason Reason)> Of(string system)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "reasons.md"));
        var section = text.Split("\n## ").Single(section => section.StartsWith($"{system}\n", StringComparison.Ordinal));
        return [.. Row().Matches(section).Select(row => (row.Groups["answer"].Value, ReasonNames.Find(row.Groups["reason"].Value)!.Value))];
    }

    [GeneratedRegex(@"^\| `(?<answer>[^`]+)` \| `(?<reason>[a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
