using System.Text;

namespace Caluma.Healthz.Checks.Databases;

/// <summary>
/// SASLprep (https://www.rfc-editor.org/rfc/rfc4013) as PostgreSQL and libpq do it to a password before SCRAM
/// (https://github.com/postgres/postgres/blob/REL_17_STABLE/src/common/saslprep.c): where it is prohibited, the password stays as it
/// is, on both sides; and what is prohibited is looked for before the normalization, not after it.
/// </summary>
internal static class SaslPrep
{
    /// <summary>What is hashed in place of a password; the password itself where SASLprep changes nothing, or refuses it.</summary>
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

        // A lone half of a surrogate pair, no text at all, has come out as U+FFFD, which is prohibited too.
        var isProhibited = mapped.Count == 0 || mapped.Exists(code => tables.Has("prohibited", code) || tables.Has("unassigned", code));
        return isProhibited || !IsOneWay(mapped, tables)
            ? password
            : string.Concat(CompatibilityForm.Of(mapped).Select(code => new Rune(code).ToString()));
    }

    /// <summary>RFC 3454, section 6: with anything that reads from the right, both ends do, and nothing reads from the left.</summary>
    private static bool IsOneWay(List<int> codes, SaslPrepTables tables) =>
        !codes.Exists(code => tables.Has("right-to-left", code))
        || (tables.Has("right-to-left", codes[0]) && tables.Has("right-to-left", codes[^1])
            && !codes.Exists(code => tables.Has("left-to-right", code)));
}
