using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>The options of an S3 server.</summary>
internal sealed record S3Options
{
    /// <summary>With it, the server speaks HTTPS only.</summary>
    public X509Certificate2? Certificate { get; init; }
}
