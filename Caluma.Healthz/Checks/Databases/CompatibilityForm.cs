namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// Normalization form KC (https://www.unicode.org/reports/tr15/) of what Unicode 3.2 knows. Written here because <c>string.Normalize</c>
/// does nothing with <c>InvariantGlobalization</c>, which every program of this repository sets.
/// </summary>
internal static class CompatibilityForm
{
    // Hangul is composed by rule: https://www.unicode.org/versions/latest/core-spec/chapter-3/#G24646.
    private const int Syllables = 0xAC00;
    private const int Leads = 0x1100;
    private const int Vowels = 0x1161;
    private const int Trails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TrailCount;

    public static List<int> Of(IEnumerable<int> codes)
    {
        var tables = SaslPrepTables.Instance.Value;
        return Compose(Order(codes.SelectMany(code => Decompose(tables, code)), tables), tables);
    }

    private static int[] Decompose(SaslPrepTables tables, int code)
    {
        if (code is < Syllables or >= Syllables + SyllableCount)
        {
            return tables.DecompositionOf(code) ?? [code];
        }

        var index = code - Syllables;
        var trail = index % TrailCount;
        int[] letters = [Leads + (index / TrailCount / VowelCount), Vowels + (index / TrailCount % VowelCount), Trails + trail];
        return trail == 0 ? letters[..2] : letters;
    }

    /// <summary>Sorts the marks that follow a character by their class; marks of one class keep their order.</summary>
    private static List<int> Order(IEnumerable<int> codes, SaslPrepTables tables)
    {
        var ordered = new List<int>();
        foreach (var code in codes)
        {
            var place = ordered.Count;
            if (tables.ClassOf(code) is > 0 and var own)
            {
                while (place > 0 && tables.ClassOf(ordered[place - 1]) > own)
                {
                    place--;
                }
            }

            ordered.Insert(place, code);
        }

        return ordered;
    }

    private static List<int> Compose(List<int> codes, SaslPrepTables tables)
    {
        var composed = new List<int>();
        var starter = -1;
        foreach (var code in codes)
        {
            var own = tables.ClassOf(code);
            var previous = composed.Count - 1 == starter ? 0 : tables.ClassOf(composed[^1]);

            // Blocked by a starter, or by a mark of the same or a higher class, in between.
            var isBlocked = starter < 0 || (starter != composed.Count - 1 && (previous == 0 || previous >= own));
            if (!isBlocked && Pair(composed[starter], code, tables) is { } pair)
            {
                composed[starter] = pair;
                continue;
            }

            composed.Add(code);
            if (own == 0)
            {
                starter = composed.Count - 1;
            }
        }

        return composed;
    }

    private static int? Pair(int first, int second, SaslPrepTables tables)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
        {
            return Syllables + ((((first - Leads) * VowelCount) + second - Vowels) * TrailCount);
        }

        if (first is >= Syllables and < Syllables + SyllableCount && (first - Syllables) % TrailCount == 0
            && second is > Trails and < Trails + TrailCount)
        {
            return first + second - Trails;
        }

        return tables.CompositionOf(first, second);
    }
}
