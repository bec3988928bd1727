using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>The options of an Azurite.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>The port, which the server then owns; null for any free port.</summary>
    public PortReservation? Port { get; init; }

    /// <summary>With it, the server speaks HTTPS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// Whether its data are in memory, which is for few writes: every ten minutes it looks at each of them for each of them, and 50,000
    /// keep it busy until the next time.
    /// </summary>
    public bool IsInMemory { get; init; }

    public string AccountName { get; init; } = AzuriteServer.AccountName;

    /// <summary>The key of the account, in base64; by default another one for each server.</summary>
    public string AccountKey { get; init; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>The folder of its data, which is kept; null for a temporary one.</summary>
    public string? Location { get; init; }

    /// <summary>More arguments of its command line, such as <c>--oauth basic</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
