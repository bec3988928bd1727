namespace Caluma.Healthz.Configuration;

/// <summary>Finds settings that people expect to work, but that neither Caluma nor the probe reads.</summary>
internal static class UnreadSettings
{
    // Names of django-environ, of libpq and of Caluma's settings module.
    private static readonly Dictionary<string, string> _remarks = new()
    {
        ["DATABASE_URL"] = "is not read, by Caluma neither: DATABASE_HOST and its siblings are, or Healthz__Databases__default",
        ["CACHE_URL"] = "is not read, by Caluma neither: CACHE_BACKEND and CACHE_LOCATION are, or Healthz__Caches__default",
        ["REDIS_URL"] = "is not read, by Caluma neither: CACHE_BACKEND and CACHE_LOCATION are, or Healthz__Caches__default",
        ["ENV_FILE"] = "names a file that Caluma reads and the probe does not: give it what the file holds as environment",
        ["PGSERVICE"] = "names an entry of a service file, which the probe does not read: give it host, database and user",
    };

    public static void Remark(SettingsReader settings)
    {
        foreach (var (setting, remark) in _remarks.Where(unread => settings.RawValue(unread.Key) is { Length: > 0 }))
        {
            settings.Remark($"{setting} {remark}");
        }

        // Docker takes "export" in an env file for a part of the name.
        foreach (var name in settings.Names.Where(name => name.StartsWith("export ", StringComparison.Ordinal)))
        {
            settings.Problem(SettingsReader.Printable(name), "has the shell's word export in its name", "the name without it");
        }
    }
}
