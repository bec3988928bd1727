using System.Globalization;
using System.Web;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// A Redis as a URL: <c>redis://user:password@host:port/database</c>, <c>rediss://</c> with TLS, each part percent-encoded, as in
/// https://www.iana.org/assignments/uri-schemes/prov/redis.
/// </summary>
internal static class RedisUrl
{
    /// <param name="url">The URL.</param>
    /// <param name="problem">Told what is wrong, without any part of the URL that may be secret.</param>
    /// <returns>Null where something is wrong.</returns>
    public static ConfigurationOptions? Parse(string url, Action<string> problem)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            problem("is no well-formed URL (are all special characters percent-encoded?)");
            return null;
        }

        if (uri.Scheme is not ("redis" or "rediss"))
        {
            problem($"has the scheme {SettingsReader.Printable(uri.Scheme)}, which this version cannot probe");
            return null;
        }

        var database = uri.AbsolutePath.Trim('/') is { Length: > 0 } path ? path : HttpUtility.ParseQueryString(uri.Query)["db"] ?? "0";
        if (!int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            problem("has a path that is no database number");
            return null;
        }

        var user = uri.UserInfo.Split(':', 2);
        return new ConfigurationOptions
        {
            EndPoints = { { uri.IdnHost.Trim('[', ']'), uri.IsDefaultPort ? 6379 : uri.Port } },
            User = user[0] is { Length: > 0 } name ? Uri.UnescapeDataString(name) : null,
            Password = user is [_, { Length: > 0 } password] ? Uri.UnescapeDataString(password) : null,
            DefaultDatabase = number,
            Ssl = uri.Scheme == "rediss",
        };
    }
}
