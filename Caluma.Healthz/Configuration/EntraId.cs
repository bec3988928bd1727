namespace Caluma.Healthz.Configuration;

/// <summary>Logging in to Azure Database for PostgreSQL with a token: https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication</summary>
internal static class EntraId
{
    private const string Marker = ".postgres.database.";

    /// <summary>The scope to ask a token for; null where the host is no Azure Database for PostgreSQL.</summary>
    /// <remarks>The clouds differ in the domain; only the public one has another for its tokens than for its servers.</remarks>
    public static string? ScopeFor(string host)
    {
        var start = host.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
        if (start <= 0)
        {
            return null;
        }

        var cloud = host[(start + Marker.Length)..].ToLowerInvariant();
        return $"https://ossrdbms-aad.database.{(cloud == "azure.com" ? "windows.net" : cloud)}/.default";
    }
}
