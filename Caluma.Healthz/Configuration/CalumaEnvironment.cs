using System.Globalization;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Caluma's own variables, read as Caluma reads them, by django-environ 0.10: a value that begins with <c>$</c> is the name of another
/// variable, whose value may begin with <c>$</c> again. No other form counts (<c>${NAME}</c>, or a <c>$</c> further on), and <c>\$</c> is
/// no escape, because Caluma does not set <c>escape_proxy</c>.
/// </summary>
/// <remarks>
/// https://github.com/joke2k/django-environ/blob/v0.10.0/environ/environ.py (get_value, parse_value), and
/// https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/settings/caluma.py.
/// </remarks>
internal sealed class CalumaEnvironment(SettingsReader settings)
{
    private const string Production = "production";

    private readonly Dictionary<string, string?> _resolved = [];

    /// <value>Whether Caluma uses its defaults for production, which have no database password.</value>
    public bool IsProduction => (Value("ENV") ?? Production) == Production;

    /// <value>Caluma's <c>DEBUG</c>, without which it ignores <c>MINIO_DISABLE_CERT_CHECKS</c>.</value>
    public bool Debug => StrippedValue("DEBUG") is { } value ? IsTrue(value) : !IsProduction;

    /// <summary>The value of a variable; null where Caluma's default counts.</summary>
    public string? Value(string setting) => Resolve(setting, settings.Value);

    /// <summary>The value of a variable that must not be empty; Caluma's default where it is not set.</summary>
    public string Value(string setting, string preset)
    {
        var value = Value(setting);
        if (value is "")
        {
            settings.Problem(setting, "is empty, which Caluma does not replace by its default", "a value, or no such setting");
        }

        return string.IsNullOrEmpty(value) ? preset : value;
    }

    /// <summary>The value of a variable that Caluma trims, such as a yes or no.</summary>
    public string? StrippedValue(string setting) => Resolve(setting, settings.RawValue);

    /// <summary>As django-environ reads a bool: a number other than 0, or one of six words; all else is no.</summary>
    public static bool IsTrue(string value) =>
        int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number != 0
            : value.Trim().ToUpperInvariant() is "TRUE" or "ON" or "OK" or "Y" or "YES" or "1";

    private string? Resolve(string setting, Func<string, string?> read)
    {
        if (!_resolved.TryGetValue(setting, out var value))
        {
            value = read(setting);
            var seen = new HashSet<string>();
            while (value is ['$', ..])
            {
                var name = value.TrimStart('$');
                var next = read(name);
                if (next is null)
                {
                    ReportMissingReference(setting, name);
                }
                else if (!seen.Add(name))
                {
                    settings.Problem(setting, "refers to other variables ($NAME) in a circle", "a value, or a reference that ends at one");
                    next = null;
                }

                value = next;
            }

            _resolved[setting] = value;
        }

        return value;
    }

    /// <remarks>The name is not shown: it may be a password that begins with a dollar.</remarks>
    private void ReportMissingReference(string setting, string name)
    {
        var form = name is ['{', ..] ? " ($NAME is the only form: ${NAME} is not known)" : "";
        if (setting == "DATABASE_PASSWORD" && IsProduction)
        {
            settings.Problem(
                setting,
                $"begins with $, which Caluma takes for a reference to another variable, and there is none of that name{form}",
                "that variable given to the probe as well; no password of Caluma's can begin with $");
        }
        else
        {
            settings.Remark(
                $"{setting} refers to another variable that the probe has not been given{form}: Caluma's default counts, "
                + "as it does in Caluma where that variable is not set");
        }
    }
}
