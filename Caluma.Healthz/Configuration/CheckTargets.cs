namespace Caluma.Healthz.Configuration;

/// <summary>The checks and targets of a run.</summary>
internal static class CheckTargets
{
    /// <summary>The target of the media storage, which has no alias.</summary>
    public const string MediaStorage = "default";

    /// <summary>Each configured check with each of its targets, in the order of the report.</summary>
    public static IEnumerable<(Check Check, string Target)> Of(HealthzOptions options) =>
        from check in CheckNames.All
        where options.Checks.Contains(check)
        from target in check switch
        {
            Check.Caches => options.Caches.Select(cache => cache.Alias),
            Check.MediaStorageService => options.MediaStorage is null ? [] : [MediaStorage],
            _ => options.Databases.Select(database => database.Alias),
        }
        select (check, target);
}
