using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>What sets an Azurite apart from the plain one.</summary>
internal sealed record AzuriteOptions
{
    /// <summary>With it, the server speaks HTTPS only.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether what it holds is gone when it stops. It then has nothing to write to a disk.</summary>
    public bool IsInMemory { get; init; }

    /// <summary>More arguments of its command line, such as <c>--oauth basic</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
}
