namespace Caluma.Healthz;

/// <summary>Lists choices in messages, and suggests the name that was probably meant.</summary>
internal static class Choice
{
    /// <summary>The choices as the end of a sentence: <c>1, 7, 30 or 90</c>.</summary>
    public static string Of(params IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    /// <summary>The name that was probably meant; null where no name is similar.</summary>
    /// <param name="text">The unknown name.</param>
    /// <param name="names">The known names.</param>
    public static string? Nearest(string text, IEnumerable<string> names)
    {
        var nearest = names
            .Select(name => (Name: name, Distance: Distance(text.ToUpperInvariant(), name.ToUpperInvariant())))
            .DefaultIfEmpty((Name: "", Distance: int.MaxValue))
            .MinBy(candidate => candidate.Distance);
        return nearest.Distance <= Math.Max(1, Math.Min(text.Length, nearest.Name.Length) / 3) ? nearest.Name : null;
    }

    /// <summary>
    /// The number of characters to add, drop, replace or swap with their neighbour:
    /// https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance (optimal string alignment).
    /// </summary>
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[one.Length, other.Length];
    }
}
