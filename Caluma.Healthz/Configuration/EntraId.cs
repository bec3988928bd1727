namespace Caluma.Healthz.Configuration;

/// <summary>Logging in to Azure Database for PostgreSQL with a token.</summary>
/// <remarks>https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication</remarks>
internal static class EntraId
{
    // The clouds differ in the domain; only the public one has another for its tokens than for its servers.
    private static readonly Dictionary<string, string> _scopes = new()
    {
        [".postgres.database.azure.com"] = "https://ossrdbms-aad.database.windows.net/.default",
        [".postgres.database.usgovcloudapi.net"] = "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
        [".postgres.database.chinacloudapi.cn"] = "https://ossrdbms-aad.database.chinacloudapi.cn/.default",
    };

    /// <summary>
    /// The scopes of the hosts of a list, one for each kind of host; null stands for hosts that are no Azure Database for PostgreSQL.
    /// More than one means that no token fits all hosts.
    /// </summary>
    public static IReadOnlyList<string?> ScopesFor(string hosts) => [.. hosts.Split(',').Select(ScopeForHost).Distinct()];

    private static string? ScopeForHost(string host)
    {
        var name = host.Trim().Split(':')[0].TrimEnd('.');
        return _scopes.FirstOrDefault(cloud => name.EndsWith(cloud.Key, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
