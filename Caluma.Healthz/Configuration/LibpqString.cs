using System.Text.RegularExpressions;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// libpq's own connection string: <c>host=db port=5432 dbname=caluma password='it''s \'quoted\''</c>
/// (https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE).
/// </summary>
internal static partial class LibpqString
{
    /// <summary>Parses the pairs; null where a value is no such string. A single pair means the same to Npgsql.</summary>
    public static IReadOnlyList<(string Name, string Value)>? Parse(string value)
    {
        var match = Pairs().Match(value);
        var names = match.Groups["name"].Captures;
        return names.Count >= 2 && names.All(name => LibpqParameters.Knows(name.Value))
            ? [.. names.Zip(match.Groups["value"].Captures, (name, text) => (name.Value, Unquote(text.Value)))]
            : null;
    }

    private static string Unquote(string text) => Escape().Replace(text is ['\'', .. var inner, '\''] ? inner : text, "$1");

    [GeneratedRegex(
        @"^((?<name>\w+)\s*=\s*(?<value>'([^'\\]|\\.)*'|([^\s'\\;]|\\.)*)(\s+|$))+$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Pairs();

    [GeneratedRegex(@"\\(.)", RegexOptions.Singleline)]
    private static partial Regex Escape();
}
