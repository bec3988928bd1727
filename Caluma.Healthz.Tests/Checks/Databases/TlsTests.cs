using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Databases;

[Slow]
public class TlsTests(Services services)
{
    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.NoTls, SystemFault.UntrustedCertificate)]
    public async Task A_server_that_requires_TLS_is_reached_and_its_certificate_verified_on_request()
    {
        using var certificate = SelfSignedCertificate.Create();
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions
        {
            Certificate = certificate,
            Hba = ["hostssl all all 127.0.0.1/32 scram-sha-256"],
        });
        await using var database = await CalumaDeployment.CreateDatabaseAsync(server);
        await database.ExecuteAsync($"CREATE ROLE probe LOGIN SUPERUSER PASSWORD 'secret'");
        var url = $"postgres://probe:secret@127.0.0.1:{server.Port}/{database.Name}";
        var root = Path.GetTempFileName();
        var otherRoot = Path.GetTempFileName();
        using var otherCertificate = SelfSignedCertificate.Create();
        await File.WriteAllTextAsync(otherRoot, otherCertificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        try
        {
            await File.WriteAllTextAsync(root, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);

            Assert.Empty(await ReasonsAsync($"{url}?sslmode=require"));
            Assert.Empty(await ReasonsAsync($"{url}?sslmode=verify-ca&sslrootcert={Uri.EscapeDataString(root)}"));
            Assert.Empty(await ReasonsAsync(url, ("PGSSLMODE", "verify-ca"), ("PGSSLROOTCERT", root)));
            Assert.Equal(["tls"], await ReasonsAsync($"{url}?sslmode=verify-ca"));
            Assert.Empty(await ReasonsAsync(url, ("PGSSLMODE", "require"), ("PGSSLROOTCERT", root)));
            Assert.Equal(["tls"], await ReasonsAsync(url, ("PGSSLMODE", "require"), ("PGSSLROOTCERT", otherRoot)));
            Assert.Equal(["tls"], await ReasonsAsync($"{url}?sslmode=disable"));

            // In a process of its own, with the file as its certificate store and with PGSSLROOTCERT in its environment.
            Assert.Equal(0, await CheckAsync($"{url}?sslrootcert=system", ("SSL_CERT_FILE", root)));
            Assert.Equal(0, await CheckAsync(url, ("SSL_CERT_FILE", root), ("PGSSLROOTCERT", "system")));
            Assert.Equal(1, await CheckAsync(url, ("PGSSLROOTCERT", "system")));
        }
        finally
        {
            File.Delete(root);
            File.Delete(otherRoot);
        }
    }

    [Fact]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.ExpiredCertificate)]
    public async Task A_certificate_that_has_expired_is_refused_until_it_is_renewed()
    {
        using var expired = SelfSignedCertificate.Create(hasExpired: true);
        using var renewed = SelfSignedCertificate.Create();
        await using var server = await PostgresServer.StartNewAsync(new PostgresOptions { Certificate = expired });
        await server.ExecuteAsync("CREATE ROLE probe LOGIN PASSWORD 'secret'");
        var root = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                root, expired.ExportCertificatePem() + "\n" + renewed.ExportCertificatePem(), TestContext.Current.CancellationToken);
            var url = $"postgres://probe:secret@127.0.0.1:{server.Port}/postgres"
                + $"?sslmode=verify-ca&sslrootcert={Uri.EscapeDataString(root)}";

            Assert.Equal(["tls"], await ReasonsAsync(url));
            await server.RenewAsync(renewed);
            Assert.Empty(await ReasonsAsync(url));
        }
        finally
        {
            File.Delete(root);
        }
    }

    private static async Task<int> CheckAsync(string database, params (string Name, string Value)[] others)
    {
        var settings = others.ToDictionary(setting => setting.Name, setting => (string?)setting.Value);
        settings["Healthz:Databases:default"] = database;
        settings["Healthz:Timeout"] = "00:00:30";
        await using var process = await HealthzProcess.RunAsync(settings, ["check", "--check", "databases"]);
        return process.ExitCode;
    }

    private async Task<IEnumerable<string>> ReasonsAsync(string database, params (string Name, string Value)[] others)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:default"] = database;
        foreach (var (name, value) in others)
        {
            deployment.Settings[name] = value;
        }

        await using var probe = await deployment.StartProbeAsync();
        await probe.ReportAsync("?check=databases");
        return probe.ReasonCodes();
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : TlsTests(services);
}
