namespace Caluma.Healthz.Configuration;

/// <summary>A database to probe.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connectionString">As Npgsql takes it. A secret: see <see cref="ToString"/>.</param>
public sealed class DatabaseOptions(string alias, string connectionString)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>As Npgsql takes it.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The alias; never the connection string.</summary>
    public override string ToString() => Alias;
}
