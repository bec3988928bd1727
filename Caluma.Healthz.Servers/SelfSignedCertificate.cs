using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Caluma.Healthz.Servers;

/// <summary>A certificate that no client trusts by default.</summary>
internal static class SelfSignedCertificate
{
    /// <param name="hasExpired">Whether it was valid until yesterday.</param>
    /// <param name="name">The host that it is for; null for the loopback address.</param>
    public static X509Certificate2 Create(bool hasExpired = false, string? name = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name ?? "localhost"}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name ?? "localhost");
        if (name is null)
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());

        // Its own authority, so that a client can use it as a root certificate.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-2), now.AddDays(hasExpired ? -1 : 1));
    }

    /// <summary>Writes it in the format of the servers.</summary>
    public static void Write(X509Certificate2 certificate, string certificatePath, string keyPath)
    {
        File.WriteAllText(certificatePath, certificate.ExportCertificatePem());

        // PostgreSQL requires that only its user can read the key, from its beginning.
        File.Delete(keyPath);
        using var file = new FileStream(keyPath, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        using var writer = new StreamWriter(file);
        writer.Write(certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }
}
