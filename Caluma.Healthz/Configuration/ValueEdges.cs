using System.Globalization;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Finds stray characters at the ends of a value: an env file leaves quotes, a heredoc or a base64 secret a line break, a copied cell a
/// space. Caluma keeps them, and its login fails; a probe that trimmed them would pass.
/// </summary>
internal static class ValueEdges
{
    public const string Expected = "the value alone, for neither Caluma nor the probe takes anything off its ends "
        + "(what belongs to a password there needs a URL, with %20 for a space and %22 for a quote)";

    private static readonly string[] _quotes = ["\"\"", "''", "``", "“”", "‘’", "„“", "«»"];

    /// <summary>The problem with the ends of a value, without showing the value; null where there is none.</summary>
    public static string? Problem(string value)
    {
        if (value.Length >= 2 && _quotes.Any(pair => value[0] == pair[0] && value[^1] == pair[1]))
        {
            return "begins and ends in quotes, which are part of the value";
        }

        return (value.Length == 0 ? (null, null) : (Kind(value[0]), Kind(value[^1]))) switch
        {
            (null, null) => null,
            ({ } start, null) => $"begins with {start}",
            (null, { } end) => $"ends with {end}",
            ({ } start, { } end) => start == end ? $"begins and ends with {end}" : $"begins with {start} and ends with {end}",
        };
    }

    private static string? Kind(char character) => character switch
    {
        '\r' or '\n' or '\u0085' or '\u2028' or '\u2029' => "a line break",
        _ when char.IsWhiteSpace(character) => "white space",
        _ when char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format => "an invisible character",
        _ => null,
    };
}
