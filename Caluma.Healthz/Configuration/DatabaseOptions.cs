namespace Caluma.Healthz.Configuration;

/// <summary>A database to probe.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connectionString">The connection string for Npgsql. A secret: see <see cref="ToString"/>.</param>
/// <param name="tokenScope">The scope of the token with which the identity of the process logs in; null for a password.</param>
internal sealed class DatabaseOptions(string alias, string connectionString, string? tokenScope = null)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>The connection string for Npgsql.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The scope of the token with which the identity of the process logs in; null for a password.</summary>
    public string? TokenScope { get; } = tokenScope;

    /// <summary>The alias, without the connection string.</summary>
    public override string ToString() => Alias;
}
