using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Configuration;

/// <summary>
/// Whom a Redis client trusts beyond the authorities of the system. <c>ConfigurationOptions.TrustIssuer</c> knows one authority, of the
/// first certificate in a file, and always compares the name.
/// </summary>
/// <param name="authorities">Further authorities.</param>
/// <param name="anyName">Whether the certificate may be for another host.</param>
internal sealed class RedisTrust(X509Certificate2Collection authorities, bool anyName)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Reads the certificates of a file in PEM form.</summary>
    /// <returns>None where it holds none that can be read.</returns>
    public static X509Certificate2Collection Read(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            certificates.Clear();
        }

        return certificates;
    }

    /// <inheritdoc cref="RemoteCertificateValidationCallback"/>
    public bool Accepts(X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        var wrong = anyName ? errors & ~SslPolicyErrors.RemoteCertificateNameMismatch : errors;
        return wrong == SslPolicyErrors.None
            || (wrong == SslPolicyErrors.RemoteCertificateChainErrors && certificate is X509Certificate2 own && HasAuthority(own, chain));
    }

    /// <remarks>Like redis-py, it downloads nothing: no certificate that the server has not sent, and no list of those revoked.</remarks>
    private bool HasAuthority(X509Certificate2 certificate, X509Chain? presented)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }

        return chain.Build(certificate);
    }
}
