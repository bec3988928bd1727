using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>A Redis: one server, a cluster, or behind Sentinel.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connection">How to reach it. Holds a secret: see <see cref="CacheOptions.ToString"/>.</param>
internal sealed class RedisCacheOptions(string alias, ConfigurationOptions connection) : CacheOptions(alias)
{
    /// <summary>How to reach it. Not as a string: in one of StackExchange.Redis, no password can have a comma in it.</summary>
    public ConfigurationOptions Connection { get; } = connection;

    /// <summary>
    /// Whether it is to be seen as Caluma's client sees it, which is given a URL and talks to the one server of it: it follows no
    /// redirection of a cluster.
    /// </summary>
    public bool IsOneServer { get; init; }
}
