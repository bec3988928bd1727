namespace Caluma.Healthz.Configuration;

/// <summary>A cache to probe.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connectionString">As StackExchange.Redis takes it. A secret: see <see cref="ToString"/>.</param>
public sealed class CacheOptions(string alias, string connectionString)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>As StackExchange.Redis takes it.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The alias; never the connection string.</summary>
    public override string ToString() => Alias;
}
