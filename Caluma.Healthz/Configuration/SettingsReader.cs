using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads single settings and notes what is wrong with them; the readers of each kind of target build on it.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Root = "Healthz";

    private static readonly string[] _known = ["Databases", "Caches", "MediaStorage", "Checks", "Timeout", "MinInterval", "Migrations"];

    private readonly List<ConfigurationProblem> _problems = [];
    private readonly List<ConfigurationValue> _values = [];
    private readonly List<string> _remarks = [];

    public HealthzConfiguration Read()
    {
        var options = new HealthzOptions();
        options.Enabled = Flag("ENABLE_HEALTHZ_ENDPOINT");
        options.Timeout = Duration("Healthz__Timeout", options.Timeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(60));
        options.MinInterval = Duration("Healthz__MinInterval", options.MinInterval, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        options.Checks = Checks();
        DatabaseSettings.Read(this, options);
        CacheSettings.Read(this, options);
        MediaStorageSettings.Read(this, options);
        MigrationSettings.Read(this, options);
        RefuseUnknown(Root, _known);
        return new HealthzConfiguration(options, _problems, _values, _remarks);
    }

    /// <summary>The value of a setting, named as in the environment; null where it is not set.</summary>
    public string? Value(string setting) => configuration[setting.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal)];

    public void Problem(string setting, string problem, string expected) => _problems.Add(new(setting, problem, expected));

    public void Found(string name, string value, params IEnumerable<string> sources) =>
        _values.Add(new(name, value, string.Join(", ", sources) is { Length: > 0 } named ? named : "default"));

    public void Remark(string remark) => _remarks.Add(remark);

    /// <summary>The settings <c>{section}__{alias}</c>, checked for what an alias may be.</summary>
    public IEnumerable<(string Setting, string Alias, string Value)> Aliases(string section)
    {
        foreach (var child in Section(section).GetChildren())
        {
            var setting = $"{section}__{Printable(child.Key)}";
            if (child.Key.Any(char.IsControl) || child.Key.Length > 100)
            {
                Problem(setting, "has an alias that cannot be shown", "an alias of at most 100 characters without control characters");
            }
            else if (child.Value is not { } value)
            {
                Problem(setting, "has settings below it", $"one value, such as {section}__default");
            }
            else if (string.IsNullOrWhiteSpace(value))
            {
                Problem(setting, "is empty", "a value, or no such setting");
            }
            else
            {
                yield return (setting, child.Key, value);
            }
        }
    }

    /// <summary>A misspelt setting would silently leave its default in force.</summary>
    public void RefuseUnknown(string section, params IReadOnlyList<string> known)
    {
        foreach (var child in Section(section).GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                var expected = string.Join(", ", known.Select(name => $"{section}__{name}"));
                Problem($"{section}__{Printable(child.Key)}", "is no setting of this version", $"one of {expected}");
            }
        }
    }

    /// <summary>A name as it may be echoed: without what would confuse a terminal or a log.</summary>
    public static string Printable(string name) =>
        string.Concat(name.Take(100).Select(character => char.IsControl(character) ? '?' : character));

    private IConfigurationSection Section(string section) =>
        configuration.GetSection(section.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal));

    private bool Flag(string setting)
    {
        var value = Value(setting);
        var flag = value?.Trim().ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" or "Y" or "ON" => true,
            null or "" or "FALSE" or "0" or "NO" or "N" or "OFF" => false,
            _ => (bool?)null,
        };
        if (flag is null)
        {
            Problem(setting, "is neither yes nor no", "true or false");
        }

        // An unreadable switch counts as on, so that the problem is seen.
        Found("enabled", flag is false ? "no" : "yes", value is null ? [] : [setting]);
        return flag ?? true;
    }

    private TimeSpan Duration(string setting, TimeSpan preset, TimeSpan least, TimeSpan most)
    {
        var value = Value(setting);
        var duration = preset;
        if (value is not null && (!TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out duration) || duration < least || duration > most))
        {
            Problem(
                setting,
                $"is \"{Printable(value)}\"",
                $"a duration from {least:c} to {most:c} as hours:minutes:seconds, such as {preset:c}");
        }

        Found(setting[(Root.Length + 2)..], duration.ToString("c", CultureInfo.InvariantCulture), value is null ? [] : [setting]);
        return duration;
    }

    private CheckSet Checks()
    {
        var setting = Value("Healthz__Checks") is not null ? "Healthz__Checks" : "WATCHMAN_CHECKS";
        var names = Value(setting)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var checks = CheckNames.All;
        if (names is not null)
        {
            foreach (var unknown in names.Where(name => CheckNames.Find(name) is null))
            {
                Problem(
                    setting,
                    $"names the unknown check \"{Printable(unknown)}\"",
                    $"any of {string.Join(", ", CheckNames.All.Select(check => check.Key()))}, separated by commas");
            }

            checks = [.. names.Select(CheckNames.Find).OfType<Check>()];
        }

        Found("Checks", string.Join(", ", checks.Select(check => check.Key())), names is null ? [] : [setting]);
        return CheckSet.Of(checks);
    }
}
