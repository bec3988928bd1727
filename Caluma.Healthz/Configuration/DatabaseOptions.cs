namespace Caluma.Healthz.Configuration;

/// <summary>A database to probe.</summary>
/// <param name="alias">Its name in the report.</param>
/// <param name="connectionString">As Npgsql takes it. A secret: see <see cref="ToString"/>.</param>
/// <param name="tokenScope">Where the identity of the process logs in instead of a password: the scope of its token.</param>
internal sealed class DatabaseOptions(string alias, string connectionString, string? tokenScope = null)
{
    /// <summary>Its name in the report.</summary>
    public string Alias { get; } = alias;

    /// <summary>As Npgsql takes it.</summary>
    public string ConnectionString { get; } = connectionString;

    /// <summary>The scope of the token to log in with; null where the connection string says how.</summary>
    public string? TokenScope { get; } = tokenScope;

    /// <summary>The alias; never the connection string.</summary>
    public override string ToString() => Alias;
}
