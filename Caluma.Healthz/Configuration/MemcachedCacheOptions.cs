using System.Net;

namespace Caluma.Healthz.Configuration;

/// <summary>A Memcached: one server or several that share the keys.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="servers">Its servers, at least one.</param>
internal sealed class MemcachedCacheOptions(string alias, IReadOnlyList<DnsEndPoint> servers) : CacheOptions(alias)
{
    /// <summary>Its servers.</summary>
    public IReadOnlyList<DnsEndPoint> Servers { get; } = servers;
}
