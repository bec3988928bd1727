using System.Net;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Reads <c>Healthz__Caches__*</c> and, for the alias <c>default</c>, Caluma's own <c>CACHE_BACKEND</c> and <c>CACHE_LOCATION</c>.
/// </summary>
internal static class CacheSettings
{
    private const string Section = "Healthz__Caches";
    private const string DefaultAlias = "default";
    private const string Expected = "a StackExchange.Redis string such as cache:6379,password=…, "
        + "or a URL such as redis://:…@cache:6379/0 (rediss:// with TLS) or memcached://cache:11211";

    public static void Read(SettingsReader settings, HealthzOptions options)
    {
        foreach (var (setting, alias, value) in settings.Aliases(Section))
        {
            if (MemcachedServers.IsWrittenAs(value))
            {
                AddMemcached(settings, options, alias, value, Expected, [setting]);
            }
            else
            {
                AddRedis(settings, options, alias, value, [setting]);
            }
        }

        if (options.Checks.Contains(Check.Caches) && settings.Value($"{Section}__{DefaultAlias}") is null)
        {
            ReadCaluma(settings, options);
        }
    }

    /// <remarks>Caluma's default is locmem: https://github.com/projectcaluma/caluma/blob/v9.3.3/caluma/settings/django.py.</remarks>
    private static void ReadCaluma(SettingsReader settings, HealthzOptions options)
    {
        var backend = settings.Caluma.Value("CACHE_BACKEND") ?? "";
        switch (backend)
        {
            case "":
            case "django.core.cache.backends.locmem.LocMemCache":
            case "django.core.cache.backends.dummy.DummyCache":
            case "django.core.cache.backends.filebased.FileBasedCache":
            case "django.core.cache.backends.db.DatabaseCache":
                if (options.Caches.Count == 0)
                {
                    var name = backend is "" ? "LocMemCache, its default" : backend.Split('.')[^1];
                    settings.Remark($"no cache is probed: Caluma's cache backend ({name}) cannot be seen from outside");
                }

                return;

            case "django.core.cache.backends.redis.RedisCache":
            case "django_redis.cache.RedisCache":
                // Django reads several locations here, and writes to the first.
                var locations = Location(settings).Split([',', ';']);
                if (!locations.All(TargetUrl.IsWrittenAs))
                {
                    settings.Problem(
                        "CACHE_LOCATION",
                        $"is not a URL, and CACHE_BACKEND is {backend}",
                        "a URL such as redis://:…@cache:6379/0, with %2C for a comma and %3B for a semicolon in the password");
                    return;
                }

                AddRedis(settings, options, DefaultAlias, locations[0], ["CACHE_LOCATION", "CACHE_BACKEND"]);
                return;

            case var _ when backend.StartsWith("django.core.cache.backends.memcached.", StringComparison.Ordinal):
                AddMemcached(
                    settings,
                    options,
                    DefaultAlias,
                    Location(settings),
                    "a server such as cache:11211, or several, separated by commas",
                    ["CACHE_LOCATION", "CACHE_BACKEND"]);
                return;

            default:
                settings.Problem(
                    "CACHE_BACKEND",
                    $"is \"{SettingsReader.Printable(backend)}\", which the probe does not know",
                    $"a backend of Django's or django-redis, the cache in {Section}__{DefaultAlias}, or the check left out of "
                        + "Healthz__Checks");
                return;
        }
    }

    /// <remarks>Django splits the value and does not trim the parts.</remarks>
    private static string Location(SettingsReader settings)
    {
        var location = settings.Caluma.Value("CACHE_LOCATION") ?? "";
        if (location.Split([',', ';']).Any(part => part != part.Trim()))
        {
            settings.Problem(
                "CACHE_LOCATION", "has white space beside a comma or semicolon, which Django keeps",
                "locations separated by a comma alone");
        }

        return location;
    }

    private static void AddMemcached(
        SettingsReader settings, HealthzOptions options, string alias, string value, string expected, IReadOnlyList<string> sources)
    {
        if (MemcachedServers.Parse(value, problem => settings.Problem(sources[0], problem, expected)) is { } servers)
        {
            options.Caches.Add(new MemcachedCacheOptions(alias, servers));
            settings.Show(
                $"cache {alias}", $"memcached {string.Join(", ", servers.Select(server => $"{server.Host}:{server.Port}"))}", sources);
        }
    }

    private static void AddRedis(SettingsReader settings, HealthzOptions options, string alias, string value, IReadOnlyList<string> sources)
    {
        void Problem(string problem) => settings.Problem(sources[0], problem, Expected);

        void Remark(string remark) => settings.Remark($"{sources[0]}: {remark}");

        var parsed = TargetUrl.IsWrittenAs(value) ? RedisUrl.Parse(value, Problem, Remark) : ParseString(value, Problem);
        if (parsed is null)
        {
            return;
        }

        options.Caches.Add(new RedisCacheOptions(alias, parsed) { IsOneServer = TargetUrl.IsWrittenAs(value) });
        var endPoints = string.Join(", ", parsed.EndPoints.Select(endPoint => endPoint switch
        {
            DnsEndPoint { Port: 0, Host: var host } => host,
            DnsEndPoint { Port: var port, Host: var host } => $"{host}:{port}",
            _ => $"{endPoint}",
        }));
        var servers = parsed.ServiceName is { Length: > 0 } service
            ? $"Sentinel {endPoints} service {SettingsReader.Printable(service)}" : endPoints;
        settings.Show($"cache {alias}", $"{servers}/{parsed.DefaultDatabase ?? 0}{(parsed.Ssl ? " with TLS" : "")}", sources);
    }

    private static ConfigurationOptions? ParseString(string value, Action<string> problem)
    {
        static bool IsOption(string part) => part.IndexOf('=', StringComparison.Ordinal) > 0;

        var parts = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var hosts = parts.TakeWhile(part => !IsOption(part)).ToList();
        if (!hosts.All(SettingsReader.IsHost))
        {
            problem("names a host that cannot be one");
            return null;
        }

        // The part of a password after a comma would be read, and shown, as a host.
        if (!parts.Skip(hosts.Count).All(IsOption))
        {
            problem("names a host after an option (a password with a comma in it needs a URL, with %2C for the comma)");
            return null;
        }

        try
        {
            var options = ConfigurationOptions.Parse(value);
            if (options.EndPoints.Count > 0)
            {
                return options;
            }

            problem("names no host");
        }
        catch (Exception)
        {
            // Any exception of the client: its text may quote a part of the password.
            problem("is not a valid StackExchange.Redis connection string");
        }

        return null;
    }
}
