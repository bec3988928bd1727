namespace Caluma.Healthz.Configuration;

/// <summary>Finds the scope of the token that logs in to an Azure Database for PostgreSQL.</summary>
/// <remarks>https://learn.microsoft.com/azure/postgresql/flexible-server/how-to-configure-sign-in-azure-ad-authentication</remarks>
internal static class EntraId
{
    // Each Azure cloud has its own domain; only in the public cloud do tokens and servers have different ones.
    private static readonly Dictionary<string, string> _scopes = new()
    {
        [".postgres.database.azure.com"] = "https://ossrdbms-aad.database.windows.net/.default",
        [".postgres.database.usgovcloudapi.net"] = "https://ossrdbms-aad.database.usgovcloudapi.net/.default",
        [".postgres.database.chinacloudapi.cn"] = "https://ossrdbms-aad.database.chinacloudapi.cn/.default",
    };

    /// <summary>
    /// The scopes of the hosts of a list, without duplicates; null for hosts that are no Azure Database for PostgreSQL. With more than one
    /// scope no token fits all hosts.
    /// </summary>
    public static IReadOnlyList<string?> ScopesFor(string hosts) => [.. hosts.Split(',').Select(ScopeForHost).Distinct()];

    private static string? ScopeForHost(string host)
    {
        var name = host.Trim().Split(':')[0].TrimEnd('.');
        return _scopes.FirstOrDefault(cloud => name.EndsWith(cloud.Key, StringComparison.OrdinalIgnoreCase)).Value;
    }
}
