using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Tests.Configuration;

/// <summary>See <c>RedisTlsTests</c> for a real server.</summary>
public sealed class RedisTrustTests : IDisposable
{
    private const SslPolicyErrors Chain = SslPolicyErrors.RemoteCertificateChainErrors;
    private const SslPolicyErrors Name = SslPolicyErrors.RemoteCertificateNameMismatch;

    private readonly X509Certificate2 _server = SelfSignedCertificate.Create();
    private readonly X509Certificate2 _other = SelfSignedCertificate.Create(name: "other.example");
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        _server.Dispose();
        _other.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData(true, SslPolicyErrors.None)]
    [InlineData(true, Chain)]
    [InlineData(false, Name)]
    [InlineData(false, Chain | Name)]
    [InlineData(false, SslPolicyErrors.RemoteCertificateNotAvailable)]
    public void An_authority_of_the_file_makes_up_for_the_chain_alone(bool accepted, SslPolicyErrors errors) =>
        Assert.Equal(accepted, new RedisTrust([_other, _server], anyName: false).Accepts(_server, null, errors));

    [Theory]
    [InlineData(true, SslPolicyErrors.None)]
    [InlineData(true, Chain)]
    [InlineData(true, Name)]
    [InlineData(true, Chain | Name)]
    [InlineData(false, SslPolicyErrors.RemoteCertificateNotAvailable)]
    [InlineData(false, SslPolicyErrors.RemoteCertificateNotAvailable | Name)]
    public void Any_name_makes_up_for_the_name_too(bool accepted, SslPolicyErrors errors) =>
        Assert.Equal(accepted, new RedisTrust([_other, _server], anyName: true).Accepts(_server, null, errors));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stranger_is_never_accepted(bool anyName)
    {
        Assert.False(new RedisTrust([_other], anyName).Accepts(_server, null, Chain));
        Assert.False(new RedisTrust([], anyName).Accepts(_server, null, Chain));
        Assert.False(new RedisTrust([_server], anyName).Accepts(null, null, Chain));
    }

    [Fact]
    public void An_expired_certificate_is_not_accepted()
    {
        using var expired = SelfSignedCertificate.Create(hasExpired: true);

        Assert.False(new RedisTrust([expired], anyName: true).Accepts(expired, null, Chain));
    }

    [Fact]
    public void All_certificates_of_a_file_are_read()
    {
        File.WriteAllText(_file, $"{_other.ExportCertificatePem()}\n{_server.ExportCertificatePem()}\n");

        Assert.Equal([_other.Thumbprint, _server.Thumbprint], RedisTrust.Read(_file).Select(certificate => certificate.Thumbprint));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void A_file_without_a_certificate_has_none(string text)
    {
        File.WriteAllText(_file, text);

        Assert.Empty(RedisTrust.Read(_file));
        Assert.Empty(RedisTrust.Read("/nowhere"));
    }
}
