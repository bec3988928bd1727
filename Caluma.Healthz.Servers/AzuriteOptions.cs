using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>What sets an Azurite apart from the plain one.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>Where it listens, from then on its own; null for any free port.</summary>
    public PortReservation? Port { get; init; }

    /// <summary>With it, the server speaks HTTPS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether what it holds is gone when it stops. It then has nothing to write to a disk.</summary>
    public bool IsInMemory { get; init; }

    public string AccountName { get; init; } = AzuriteServer.AccountName;

    /// <summary>The key of the account, in base64; another one for each server, unless told otherwise.</summary>
    public string AccountKey { get; init; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>The folder of its data, which stays; null for one that goes with it.</summary>
    public string? Location { get; init; }

    /// <summary>More arguments of its command line, such as <c>--oauth basic</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
