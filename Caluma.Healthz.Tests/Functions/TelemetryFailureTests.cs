using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// A worker whose telemetry is not taken: it says so in its output, without the instrumentation key, the endpoint or the answer, and goes
/// on working.
/// </summary>
[Slow]
public sealed partial class TelemetryFailureTests(Services services) : IAsyncLifetime
{
    private const string Canary = "c4n4ry";

    private TelemetryIngestion _ingestion = null!;
    private ServerFolder _folder = null!;
    private CalumaDeployment _deployment = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ingestion = await TelemetryIngestion.StartAsync();
        _folder = new ServerFolder("telemetry");
        _deployment = await FunctionsDeployment.CreateAsync(services);
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        _deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = _ingestion.ConnectionString;
        _deployment.Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";
        _deployment.Settings["Healthz:Timeout"] = "00:01:00";

        // Where the exporter keeps what it could not send.
        _deployment.Settings["TMPDIR"] = _folder.Path;
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await _ingestion.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    public async Task A_refusal_is_printed_once_without_a_secret_and_the_worker_goes_on(int status)
    {
        Refuse(status, status);
        await using var host = await _deployment.StartFunctionsAsync();

        await AssertPrintedAsync(host, $"event=TransmissionFailed status={status} times=1");
        Assert.True(_ingestion.Refused > 0);
        _ingestion.Refusal = null;
        await host.StopAsync();

        AssertOnceAndNoSecret(host);
    }

    [Fact]
    public async Task A_part_that_is_refused_is_printed()
    {
        Refuse(206, 400);
        await using var host = await _deployment.StartFunctionsAsync();

        await AssertPrintedAsync(host, "event=PartialContentResponse");
        await host.StopAsync();

        AssertOnceAndNoSecret(host);
    }

    [Fact]
    public async Task An_endpoint_that_nobody_serves_is_printed()
    {
        using var nobody = new PortReservation();
        _deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = _ingestion.ConnectionStringOf($"http://{nobody.EndPoint}");
        await using var host = await _deployment.StartFunctionsAsync();

        await AssertPrintedAsync(host, "event=");
        await host.StopAsync();

        AssertOnceAndNoSecret(host);
        Assert.DoesNotContain($"{nobody.EndPoint}", $"{host.Printed}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_hangs_is_printed()
    {
        _ingestion.Hangs = true;
        await using var host = await _deployment.StartFunctionsAsync();

        await AssertPrintedAsync(host, "event=");
        _ingestion.Hangs = false;
        await host.StopAsync();

        AssertOnceAndNoSecret(host);
    }

    [Fact]
    public async Task Without_a_token_of_the_identity_nothing_is_sent_and_that_is_printed()
    {
        using var nobody = new PortReservation();
        _deployment.Settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] = "ClientId=its-client;Authorization=AAD";
        _deployment.Settings["AZURE_TOKEN_CREDENTIALS"] = "ManagedIdentityCredential";
        _deployment.Settings["IDENTITY_ENDPOINT"] = $"http://{nobody.EndPoint}/msi/token";
        _deployment.Settings["IDENTITY_HEADER"] = Canary;
        await using var host = await _deployment.StartFunctionsAsync();

        await AssertPrintedAsync(host, "event=");
        await host.StopAsync();

        Assert.Empty(_ingestion.Envelopes);
        AssertOnceAndNoSecret(host);
    }

    [Fact]
    public async Task Where_all_is_taken_nothing_is_printed()
    {
        await using var host = await _deployment.StartFunctionsAsync();
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        await Deadline.UntilAsync("the run is exported", () => _ingestion.Messages.Any(IsRun));

        await host.StopAsync();

        Assert.DoesNotContain("HealthzTelemetryFailed", $"{host.Printed}", StringComparison.Ordinal);
    }

    private static bool IsRun(string message) => message.StartsWith("HealthzRunCompleted ", StringComparison.Ordinal);

    private void Refuse(int status, int statusOfItem)
    {
        _ingestion.RefusalText = new JsonObject
        {
            ["itemsReceived"] = 1,
            ["itemsAccepted"] = 0,
            ["errors"] = new JsonArray(new JsonObject { ["index"] = 0, ["statusCode"] = statusOfItem, ["message"] = Canary }),
        }.ToJsonString();
        _ingestion.Refusal = status;
    }

    private static async Task AssertPrintedAsync(FunctionsHost host, string @event)
    {
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        await host.Printed.SeenAsync($"HealthzTelemetryFailed source=OpenTelemetry-AzureMonitor-Exporter {@event}")
            .WaitAsync(Deadline.Default, Cancel);
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
    }

    private void AssertOnceAndNoSecret(FunctionsHost host)
    {
        var printed = $"{host.Printed}";
        Assert.Distinct(Failure().Matches(printed).Select(line => line.Value));
        Assert.DoesNotContain(_ingestion.Key, printed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_ingestion.Address, printed, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Canary, printed, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("HealthzTelemetryFailed source=.* times=")]
    private static partial Regex Failure();
}
