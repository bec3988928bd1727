using System.Net;

namespace Caluma.Healthz.Configuration;

/// <summary>Parses the servers of a Memcached: <c>memcached://a:11211,b:11211</c>, or without the scheme, as in Django.</summary>
internal static class MemcachedServers
{
    private const string Scheme = "memcached";
    private const int DefaultPort = 11211;

    /// <summary>Whether a setting is written as Memcached servers.</summary>
    public static bool IsWrittenAs(string value) => value.TrimStart().StartsWith($"{Scheme}://", StringComparison.OrdinalIgnoreCase);

    /// <param name="location">The value of the setting.</param>
    /// <param name="problem">Receives the problem.</param>
    /// <returns>Null where the value is invalid.</returns>
    public static IReadOnlyList<DnsEndPoint>? Parse(string location, Action<string> problem)
    {
        var servers = new List<DnsEndPoint>();
        foreach (var text in location.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (text.StartsWith("unix:", StringComparison.Ordinal) || text.StartsWith('/'))
            {
                problem("names a socket of the machine that Caluma runs on, which cannot be reached from outside");
                return null;
            }

            var address = text.Contains("://", StringComparison.Ordinal) ? text : $"{Scheme}://{text}";
            if (TargetUrl.Parse(address, [Scheme], _ => problem("has a server that is not a host and port")) is not { } url)
            {
                return null;
            }

            if (url is not { User: null, Password: null, Path: "", Parameters.Count: 0 })
            {
                problem("has more than a host and a port");
                return null;
            }

            servers.Add(new DnsEndPoint(url.Host, url.Port ?? DefaultPort));
        }

        if (servers.Count == 0)
        {
            problem("names no server");
            return null;
        }

        return servers;
    }
}
