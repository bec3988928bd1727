namespace Caluma.Healthz;

/// <summary>The names a check goes by: in the report, in headers and logs, and in requests and settings.</summary>
internal static class CheckNames
{
    /// <summary>All checks, in the order of the report.</summary>
    public static IReadOnlyList<Check> All { get; } = Enum.GetValues<Check>();

    /// <summary>The key of the check in Caluma's report, such as <c>database models</c>.</summary>
    public static string Key(this Check check) => check switch
    {
        Check.MediaStorageService => "media storage service",
        Check.Caches => "caches",
        Check.DatabaseMigrations => "database migrations",
        Check.Databases => "databases",
        Check.DatabaseModels => "database models",
        _ => throw new ArgumentOutOfRangeException(nameof(check), check, null),
    };

    /// <summary>The key with dashes for its spaces, for places that take no space: <c>database-models</c>.</summary>
    public static string Token(this Check check) => check.Key().Replace(' ', '-');

    /// <summary>
    /// Finds a check by its key, by its key with <c>-</c> or <c>_</c> for the spaces, or by the dotted path that Caluma 9.3.3 and
    /// django-watchman use. Names are case-sensitive, as in Django.
    /// </summary>
    /// <returns>Null where no check has this name.</returns>
    public static Check? Find(string name) => name switch
    {
        "watchman.checks.databases" => Check.Databases,
        "watchman.checks.caches" => Check.Caches,
        "caluma.caluma_core.health_checks.check_migrations" => Check.DatabaseMigrations,
        "caluma.caluma_core.health_checks.check_models" => Check.DatabaseModels,
        "caluma.caluma_core.health_checks.check_media_storage_service" => Check.MediaStorageService,
        _ => FindByKey(name.Replace('-', ' ').Replace('_', ' ')),
    };

    private static Check? FindByKey(string key) => All.Cast<Check?>().FirstOrDefault(check => check!.Value.Key() == key);
}
