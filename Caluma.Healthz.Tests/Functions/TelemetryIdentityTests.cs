using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>A worker that sends its telemetry with the identity of the app, to an endpoint with TLS, as on Azure.</summary>
[Slow]
public sealed class TelemetryIdentityTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Telemetry_is_sent_with_a_token_of_the_identity_and_the_token_is_nowhere_else()
    {
        using var folder = new ServerFolder("telemetry");
        using var certificate = SelfSignedCertificate.Create();
        SelfSignedCertificate.Write(certificate, folder.PathOf("ca.pem"), folder.PathOf("ca.key"));
        await using var ingestion = await TelemetryIngestion.StartAsync(certificate);
        await using var identity = await IdentityEndpoint.StartAsync();
        identity.Resource = "https://monitor.azure.com/";
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = ingestion.ConnectionString;
        deployment.Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";
        deployment.Settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "ClientId=its-client;Authorization=AAD";
        deployment.Settings["AZURE_CLIENT_ID"] = "its-client";
        deployment.Settings["AZURE_TOKEN_CREDENTIALS"] = "ManagedIdentityCredential";
        deployment.Settings["SSL_CERT_FILE"] = folder.PathOf("ca.pem");
        deployment.Settings["TMPDIR"] = folder.Path;
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        foreach (var (name, value) in identity.Environment())
        {
            deployment.Settings[name] = value;
        }

        await using var host = await deployment.StartFunctionsAsync();
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        await Deadline.UntilAsync(
            "the run is exported",
            () => ingestion.Messages.Any(message => message.StartsWith("HealthzRunCompleted ", StringComparison.Ordinal)),
            () => $"asked for a token {identity.Asked} times\n{host.Printed}");
        await host.StopAsync();

        var authorization = Assert.Single(ingestion.Authorizations);
        Assert.StartsWith("Bearer ", authorization, StringComparison.Ordinal);
        Assert.EndsWith(identity.Canary, authorization, StringComparison.Ordinal);
        Assert.DoesNotContain(ingestion.Envelopes, envelope => envelope.ToJsonString().Contains(identity.Canary, StringComparison.Ordinal));
        Assert.DoesNotContain(identity.Canary, $"{host.Printed}", StringComparison.Ordinal);
        Assert.DoesNotContain("HealthzTelemetryFailed", $"{host.Printed}", StringComparison.Ordinal);
    }
}
