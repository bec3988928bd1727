using System.Text;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// SASLprep (https://www.rfc-editor.org/rfc/rfc4013) as PostgreSQL and libpq do it to a password before SCRAM
/// (https://github.com/postgres/postgres/blob/REL_17_STABLE/src/common/saslprep.c): a password with prohibited characters stays unchanged
/// on both sides, and the search for prohibited characters comes before the normalization.
/// </summary>
internal static class SaslPrep
{
    /// <summary>The prepared password; the password itself where SASLprep changes nothing or prohibits it.</summary>
    public static string Prepare(string password)
    {
        if (Ascii.IsValid(password))
        {
            return password;
        }

        var tables = SaslPrepTables.Instance.Value;
        var mapped = password.EnumerateRunes()
            .Select(rune => tables.Has("space", rune.Value) ? ' ' : rune.Value)
            .Where(code => !tables.Has("nothing", code))
            .ToList();

        // A lone surrogate has become U+FFFD, which is prohibited too.
        var isProhibited = mapped.Count == 0 || mapped.Exists(code => tables.Has("prohibited", code) || tables.Has("unassigned", code));
        return isProhibited || !IsOneWay(mapped, tables)
            ? password
            : string.Concat(CompatibilityForm.Of(mapped).Select(code => new Rune(code).ToString()));
    }

    /// <summary>
    /// RFC 3454, section 6: a string with a right-to-left character begins and ends with one, and has no left-to-right
    /// character.
    /// </summary>
    private static bool IsOneWay(List<int> codes, SaslPrepTables tables) =>
        !codes.Exists(code => tables.Has("right-to-left", code))
        || (tables.Has("right-to-left", codes[0]) && tables.Has("right-to-left", codes[^1])
            && !codes.Exists(code => tables.Has("left-to-right", code)));
}
