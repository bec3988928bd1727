namespace Caluma.Healthz.Configuration;

/// <summary>A cache to probe: <see cref="RedisCacheOptions"/> or <see cref="MemcachedCacheOptions"/>.</summary>
/// <param name="alias">Its name in the report.</param>
internal abstract class CacheOptions(string alias)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>The alias, without the connection string.</summary>
    public sealed override string ToString() => Alias;
}
