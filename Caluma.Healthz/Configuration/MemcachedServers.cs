using System.Net;
using System.Net.Sockets;

namespace Caluma.Healthz.Configuration;

/// <summary>The servers of a Memcached: <c>memcached://a:11211,b:11211</c>, or as Django writes them, without the scheme.</summary>
internal static class MemcachedServers
{
    private const int DefaultPort = 11211;

    /// <summary>Whether a setting means to name servers of a Memcached.</summary>
    public static bool IsMeantBy(string value) => value.TrimStart().StartsWith("memcached://", StringComparison.OrdinalIgnoreCase);

    /// <param name="location">What is configured.</param>
    /// <param name="problem">Told what is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static IReadOnlyList<DnsEndPoint>? Parse(string location, Action<string> problem)
    {
        var servers = new List<DnsEndPoint>();
        foreach (var text in location.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var address = text.Contains("://", StringComparison.Ordinal) ? text : $"memcached://{text}";
            if (text.StartsWith("unix:", StringComparison.Ordinal) || text.StartsWith('/'))
            {
                problem("names a socket of the machine that Caluma runs on, which cannot be reached from outside");
                return null;
            }

            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme != "memcached" || uri.Host.Length == 0 || uri.Port == 0)
            {
                problem("has a server that is no host and port");
                return null;
            }

            if (uri.UserInfo.Length > 0 || uri.AbsolutePath is not ("" or "/") || uri.Query.Length > 0)
            {
                problem("has more than a host and a port");
                return null;
            }

            var family = uri.HostNameType == UriHostNameType.IPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.Unspecified;
            servers.Add(new DnsEndPoint(uri.IdnHost.Trim('[', ']'), uri.IsDefaultPort ? DefaultPort : uri.Port, family));
        }

        if (servers.Count == 0)
        {
            problem("names no server");
            return null;
        }

        return servers;
    }
}
