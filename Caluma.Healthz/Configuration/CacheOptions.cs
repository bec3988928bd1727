using StackExchange.Redis;

namespace Caluma.Healthz.Configuration;

/// <summary>A cache to probe.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connection">How to reach it. Holds a secret: see <see cref="ToString"/>.</param>
public sealed class CacheOptions(string alias, ConfigurationOptions connection)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>How to reach it. Not as a string: in one of StackExchange.Redis, no password can have a comma in it.</summary>
    public ConfigurationOptions Connection { get; } = connection;

    /// <summary>The alias; never the password.</summary>
    public override string ToString() => Alias;
}
