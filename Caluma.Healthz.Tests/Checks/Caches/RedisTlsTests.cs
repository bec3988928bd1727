using System.Security.Cryptography.X509Certificates;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>The parameters of a URL that decide whom the client trusts, as redis-py does.</summary>
[Slow]
public class RedisTlsTests(Services services) : IDisposable
{
    private readonly ServerFolder _folder = new("redis-tls");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("tls", "")]
    [InlineData(null, "ssl_ca_certs={own}")]
    [InlineData("tls", "ssl_ca_certs={other}")]
    [InlineData(null, "ssl_ca_certs={both}")]
    [InlineData(null, "ssl_ca_certs={own}&ssl_check_hostname=true")]
    [InlineData(null, "ssl_ca_certs={own}&ssl_check_hostname=false")]
    public Task The_authority_is_one_of_ssl_ca_certs(string? reason, string parameters) => TestAsync(name: null, parameters, reason);

    [Theory]
    [InlineData("tls", "ssl_ca_certs={own}")]
    [InlineData("tls", "ssl_ca_certs={own}&ssl_check_hostname=True")]
    [InlineData("tls", "ssl_check_hostname=1&ssl_ca_certs={own}")]
    [InlineData(null, "ssl_ca_certs={own}&ssl_check_hostname=false")]
    [InlineData(null, "ssl_check_hostname=0&ssl_ca_certs={both}")]
    [InlineData("tls", "ssl_check_hostname=false")]
    [InlineData("tls", "ssl_check_hostname=false&ssl_ca_certs={other}")]
    public Task The_host_may_have_another_name_with_ssl_check_hostname_false(string? reason, string parameters) =>
        TestAsync("other.example", parameters, reason);

    [Fact]
    public async Task A_server_that_asks_for_a_certificate_gets_the_one_of_ssl_certfile()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Certificate = certificate });
        var url = $"rediss://127.0.0.1:{server.Port}?ssl_ca_certs={Write("own", certificate)}";
        await server.ExecuteAsync("CONFIG", "SET", "tls-ca-cert-file", _folder.PathOf("own"));
        await server.ExecuteAsync("CONFIG", "SET", "tls-auth-clients", "yes");
        SelfSignedCertificate.Write(certificate, _folder.PathOf("client.crt"), _folder.PathOf("client.key"));

        Assert.NotNull(await ReasonAsync(url));
        Assert.Null(await ReasonAsync($"{url}&ssl_certfile={_folder.PathOf("client.crt")}&ssl_keyfile={_folder.PathOf("client.key")}"));
    }

    private async Task TestAsync(string? name, string parameters, string? reason)
    {
        using var certificate = SelfSignedCertificate.Create(name: name);
        using var other = SelfSignedCertificate.Create(name: "authority.example");
        await using var server = await RedisServer.StartNewAsync(new RedisOptions { Certificate = certificate });
        var query = parameters
            .Replace("{own}", Write("own", certificate), StringComparison.Ordinal)
            .Replace("{other}", Write("other", other), StringComparison.Ordinal)
            .Replace("{both}", Write("both", other, certificate), StringComparison.Ordinal);

        Assert.Equal(reason, await ReasonAsync($"rediss://127.0.0.1:{server.Port}?{query}"));
    }

    private string Write(string file, params IEnumerable<X509Certificate2> certificates)
    {
        File.WriteAllText(_folder.PathOf(file), string.Join('\n', certificates.Select(one => one.ExportCertificatePem())));
        return _folder.PathOf(file);
    }

    /// <summary>Null where the check passes.</summary>
    private Task<string?> ReasonAsync(string cache) => ProbedCache.ReasonAsync(services, cache);

    [Slow]
    [Native]
    public sealed class Native(Services services) : RedisTlsTests(services);
}
