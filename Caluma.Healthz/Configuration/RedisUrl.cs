using System.Globalization;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// A Redis as a URL: <c>redis://user:password@host:port/database</c>, <c>rediss://</c> with TLS, as in
/// https://www.iana.org/assignments/uri-schemes/prov/redis.
/// </summary>
internal static class RedisUrl
{
    private const string Tls = "rediss";

    /// <inheritdoc cref="TargetUrl.Parse"/>
    public static ConfigurationOptions? Parse(string value, Action<string> problem)
    {
        if (TargetUrl.Parse(value, ["redis", Tls], problem) is not { } url)
        {
            return null;
        }

        // Of what redis-py takes, these decide whether it lets us in; the rest is about its own timeouts and pools.
        foreach (var key in url.Parameters.AllKeys.OfType<string>().Where(key => key is "username" or "password" || key.StartsWith("ssl", StringComparison.Ordinal)))
        {
            problem($"has a parameter that is not understood: {SettingsReader.Printable(key)}");
            return null;
        }

        var database = url.Path is "" ? url.Parameters["db"] ?? "0" : url.Path;
        if (!int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            problem("has a path that is no database number");
            return null;
        }

        return new ConfigurationOptions
        {
            EndPoints = { { url.Host, url.Port ?? 6379 } },
            User = url.User,
            Password = url.Password,
            DefaultDatabase = number,
            Ssl = url.Scheme == Tls,
        };
    }
}
