using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Configuration;

/// <summary>Reads single settings and collects their problems, for the readers of each kind of target.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private const string Root = "Healthz";

    private readonly List<ConfigurationProblem> _problems = [];
    private readonly List<ConfigurationValue> _values = [];
    private readonly List<string> _remarks = [];
    private readonly HashSet<string> _read = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _spoilt = new(StringComparer.OrdinalIgnoreCase);
    private CalumaEnvironment? _caluma;

    /// <value>Caluma's own variables.</value>
    public CalumaEnvironment Caluma => _caluma ??= new CalumaEnvironment(this);

    /// <param name="needsTargets">Whether to read the targets, or only the settings of the history.</param>
    public HealthzConfiguration Read(bool needsTargets = true)
    {
        var options = new HealthzOptions();
        options.Enabled = Flag("ENABLE_HEALTHZ_ENDPOINT");
        Show("enabled", options.Enabled ? "yes" : "no", IsSet("ENABLE_HEALTHZ_ENDPOINT") ? ["ENABLE_HEALTHZ_ENDPOINT"] : []);
        EnvironmentSettings.Read(this, options);
        options.Timeout = Duration("Healthz__Timeout", options.Timeout, TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(60));
        options.MinInterval = Duration("Healthz__MinInterval", options.MinInterval, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        options.Checks = Checks();
        if (needsTargets)
        {
            DatabaseSettings.Read(this, options);
            CacheSettings.Read(this, options);
            MediaStorageSettings.Read(this, options);
            MigrationSettings.Read(this, options);
        }

        HistorySettings.Read(this, options);
        NotificationSettings.Read(this, options);
        RefuseUnknown(
            Root,
            ["Name", "RunbookUrl", "Checks", "Timeout", "MinInterval", "Schedule", "Slo", "Alertmanager", "Webhook", "WebhookSecret"],
            "Databases", "Caches", "MediaStorage", "Migrations", "History", "Maintenance");
        UnreadSettings.Remark(this);
        return new HealthzConfiguration(options, _problems, _values, _remarks);
    }

    /// <summary>
    /// The value of a setting, named as in the environment; null where it is not set. Values are not trimmed: white space or quotes at
    /// their ends are a problem, and the only one that is reported for the setting. So is a null character, which is taken out, because
    /// client libraries throw at it.
    /// </summary>
    public string? Value(string setting)
    {
        var value = RawValue(setting);
        var text = value?.Replace("\0", "", StringComparison.Ordinal);
        if (value is not null && _read.Add(setting))
        {
            if (ValueEdges.Problem(value) is { } problem)
            {
                Spoil(setting, problem, ValueEdges.Expected);
            }
            else if (text != value)
            {
                Spoil(setting, "has a null character in it", "the value without it");
            }
        }

        return text;
    }

    /// <summary>The value of a setting whose reader trims it.</summary>
    public string? RawValue(string setting) => Section(setting).Value;

    /// <value>The names of all settings on the top level.</value>
    public IEnumerable<string> Names => configuration.GetChildren().Select(child => child.Key);

    /// <summary>Whether there is a setting of this name, or one below it.</summary>
    public bool IsSet(string section) => Section(section).Exists();

    /// <summary>Whether there are settings below this name.</summary>
    public bool HasSettingsBelow(string setting) => Section(setting).GetChildren().Any();

    public void Problem(string setting, string problem, string expected)
    {
        // Several databases may report the same problem of a shared variable.
        var found = new ConfigurationProblem(setting, problem, expected);
        if (!_spoilt.Contains(setting) && !_problems.Contains(found))
        {
            _problems.Add(found);
        }
    }

    /// <summary>Notes a rejected value, so that <c>config</c> shows it beside the default that counts.</summary>
    public void ShowDefault(string name, string preset, string rejected, string source) =>
        Show(name, $"{preset} (the default counts; \"{Printable(rejected)}\" is rejected)", source);

    public void Show(string name, string value, params IEnumerable<string> sources) =>
        _values.Add(new(name, Printable(value, 1000), string.Join(", ", sources) is { Length: > 0 } named ? named : "default"));

    public void Remark(string remark) => _remarks.Add(remark);

    /// <summary>A boolean of Caluma; unset and empty are false. An invalid one counts as true, and as a problem.</summary>
    public bool Flag(string setting)
    {
        var value = Caluma.StrippedValue(setting);
        switch (value?.Trim().ToUpperInvariant())
        {
            case "TRUE" or "1" or "YES" or "Y" or "ON" or "OK":
                return true;
            case null or "" or "FALSE" or "0" or "NO" or "N" or "OFF":
                return false;
            default:
                Problem(setting, ValueEdges.Problem(value) ?? "is neither yes nor no", "true or false");
                return true;
        }
    }

    /// <summary>The settings <c>{section}__{alias}</c>, with the aliases validated.</summary>
    public IEnumerable<(string Setting, string Alias, string Value)> Aliases(string section)
    {
        foreach (var child in Section(section).GetChildren())
        {
            var setting = $"{section}__{Printable(child.Key)}";
            if (string.IsNullOrWhiteSpace(child.Key) || Printable(child.Key) != child.Key)
            {
                Problem(setting, "has an alias that cannot be shown", "an alias of at most 100 characters without control characters");
            }
            else if (child.GetChildren().Any())
            {
                Problem(setting, "has settings below it", $"one value, such as {section}__default");
            }
            else if (string.IsNullOrEmpty(child.Value))
            {
                Problem(setting, "is empty", "a value, or no such setting");
            }
            else
            {
                yield return (setting, child.Key, Value(setting)!);
            }
        }
    }

    /// <summary>Reads a setting that has a default. The default counts, too, where the setting is wrong.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="preset">Its default.</param>
    /// <param name="parse">Parses its text; null where the text is wrong.</param>
    /// <param name="expected">What the setting must be.</param>
    public T Parse<T>(string setting, T preset, Func<string, T?> parse, string expected)
        where T : struct, IFormattable
    {
        var (name, text) = (NameOf(setting), Value(setting));
        if ((text is null ? preset : parse(text)) is not { } value)
        {
            Problem(setting, $"is \"{Printable(text!)}\"", expected);
            ShowDefault(name, preset.ToString(null, CultureInfo.InvariantCulture), text!, setting);
            return preset;
        }

        Show(name, value.ToString(null, CultureInfo.InvariantCulture), text is null ? [] : [setting]);
        return value;
    }

    /// <summary>Reads an http or https address; null where it is not set or wrong.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="isAllowed">Checks the other parts of the address.</param>
    /// <param name="expected">What the setting must be.</param>
    /// <param name="show">The part of the address that is no secret.</param>
    public Uri? WebAddress(string setting, Func<Uri, bool> isAllowed, string expected, Func<Uri, string> show)
    {
        if (Value(setting) is not { Length: > 0 } value)
        {
            return null;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || !HostName.IsIn(address) || !isAllowed(address))
        {
            Problem(setting, "is not a web address", expected);
            return null;
        }

        Show(NameOf(setting), show(address), setting);
        return address;
    }

    /// <summary>Reports unknown settings: a misspelt or misplaced one would silently leave its default in force.</summary>
    /// <param name="section">The section.</param>
    /// <param name="settings">The settings that it may have.</param>
    /// <param name="sections">The sections that it may have.</param>
    public void RefuseUnknown(string section, IReadOnlyList<string> settings, params IReadOnlyList<string> sections)
    {
        foreach (var child in Section(section).GetChildren())
        {
            var name = $"{section}__{Printable(child.Key)}";
            if (sections.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                if (!string.IsNullOrEmpty(child.Value))
                {
                    Problem(name, "takes no value of its own", $"settings below it, {name}__…");
                }
            }
            else if (!settings.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                var known = settings.Concat(sections).ToList();
                var meant = Choice.Nearest(child.Key, known) is { } nearest ? $"; did you mean {section}__{nearest}?" : "";
                Problem(name, $"is not a known setting{meant}",
                    $"one of {string.Join(", ", known.Select(other => $"{section}__{other}"))}");
            }
            else if (child.GetChildren().Any())
            {
                Problem(name, "has settings below it", "one value");
            }
        }
    }

    /// <summary>A text without the characters that would confuse a terminal or a log.</summary>
    public static string Printable(string text, int maxLength = 100) =>
        string.Concat(text.EnumerateRunes().Take(maxLength).Select(rune => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? "?"
            : rune.ToString()));

    /// <summary>Whether a text may be a host or a socket. With an @ it may be a URL, password and all.</summary>
    public static bool IsHost(string name) =>
        name.Length > 0 && !name.Any(character => character is '@' || char.IsControl(character) || char.IsWhiteSpace(character))
        && (name.StartsWith('/') || (!name.Contains('=') && HostName.Encode(name) is not null));

    /// <summary>Reports a problem, and no other one of the setting later.</summary>
    private void Spoil(string setting, string problem, string expected)
    {
        Problem(setting, problem, expected);
        _spoilt.Add(setting);
    }

    /// <summary>The name under which <c>config</c> shows a setting: its last part.</summary>
    private static string NameOf(string setting) => setting[(setting.LastIndexOf('_') + 1)..];

    private IConfigurationSection Section(string section) =>
        configuration.GetSection(section.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal));

    private TimeSpan Duration(string setting, TimeSpan preset, TimeSpan min, TimeSpan max) => Parse(
        setting,
        preset,
        text => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration >= min && duration <= max
            ? duration : null,
        FormattableString.Invariant($"a duration from {min:g} to {max:g} as hours:minutes:seconds, such as {preset:c}"));

    private CheckSet Checks()
    {
        var setting = Value("Healthz__Checks") is not null ? "Healthz__Checks" : "WATCHMAN_CHECKS";
        var value = Value("Healthz__Checks") ?? Caluma.Value("WATCHMAN_CHECKS");
        var names = value?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var checks = CheckSet.All;
        if (names is not null)
        {
            var expected = $"any of {string.Join(", ", CheckNames.All.Select(check => check.Key()))}, separated by commas";
            foreach (var unknown in names.Where(name => CheckNames.Find(name) is null))
            {
                Problem(setting, $"names the unknown check \"{Printable(unknown)}\"", expected);
            }

            checks = CheckSet.Named(names);
        }

        var shown = string.Join(", ", CheckNames.All.Where(checks.Contains).Select(check => check.Key()));
        var unreadable = string.Join(", ", (names ?? []).Where(name => CheckNames.Find(name) is null));
        Show("Checks", unreadable is "" ? shown : $"{shown} (\"{Printable(unreadable)}\" is rejected)", names is null ? [] : [setting]);
        return checks;
    }
}
