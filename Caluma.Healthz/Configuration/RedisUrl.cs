using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Parses a Redis URL: <c>redis://user:password@host:port/database</c>, <c>rediss://</c> with TLS, as in
/// https://www.iana.org/assignments/uri-schemes/prov/redis.
/// </summary>
internal static partial class RedisUrl
{
    private const string Tls = "rediss";

    /// <inheritdoc cref="TargetUrl.Parse"/>
    public static ConfigurationOptions? Parse(string value, Action<string> problem, Action<string> remark)
    {
        if (value.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
        {
            problem("names a socket of the machine that Caluma runs on, which cannot be reached from outside");
            return null;
        }

        if (SeveralHosts().IsMatch(value))
        {
            problem("names several hosts (those of a cluster or of Sentinel go into a StackExchange.Redis string, separated by commas)");
            return null;
        }

        if (TargetUrl.Parse(value, ["redis", Tls], problem) is not { } url)
        {
            return null;
        }

        var database = url.Path is "" ? url.Parameters["db"] ?? "0" : url.Path;
        if (!int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            problem("has a path that is not a database number");
            return null;
        }

        var options = new ConfigurationOptions
        {
            EndPoints = { { url.Host, url.Port ?? 6379 } },
            User = url.User,
            Password = url.Password,
            DefaultDatabase = number,
            Ssl = url.Scheme == Tls,

            // redis-py fails where the server refuses either.
            ClientName = url.Parameters["client_name"],
            Protocol = url.Parameters["protocol"] is "3" ? RedisProtocol.Resp3 : null,
        };
        return RedisParameters.Apply(options, url.Parameters, problem, remark) ? options : null;
    }

    [GeneratedRegex(@"^rediss?://([^@/?#]*@)?[^@/?#,]*,[^@]*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex SeveralHosts();
}
