using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>A Redis: one server, a cluster, or servers behind Sentinel.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connection">The client's configuration. Holds a secret: see <see cref="CacheOptions.ToString"/>.</param>
internal sealed class RedisCacheOptions(string alias, ConfigurationOptions connection) : CacheOptions(alias)
{
    /// <summary>The client's configuration. Not a string, because in StackExchange.Redis' strings no password can have a comma.</summary>
    public ConfigurationOptions Connection { get; } = connection;

    /// <summary>
    /// Whether the cache is configured by a URL. Caluma's client then talks to that one server and follows no redirection of a cluster, and
    /// so does the probe.
    /// </summary>
    public bool IsOneServer { get; init; }
}
