using System.Text.RegularExpressions;
using Caluma.Healthz.Servers.Otlp;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>
/// A server whose collector takes nothing: it says so in its log, without the answer, the address or a header of the collector, and goes on
/// working.
/// </summary>
[Slow]
public sealed partial class OtlpFailureTests(Services services) : IAsyncLifetime
{
    private const string Canary = "c4n4ry";

    private OtlpCollector _collector = null!;
    private CalumaDeployment _deployment = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _deployment = await CalumaDeployment.CreateAsync(services);
        _deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address;
        _deployment.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        _deployment.Settings["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization=Bearer {Canary}";
        _deployment.Settings["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1000";
        _deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task A_refusal_is_logged_once_without_a_secret_and_the_server_goes_on(int status)
    {
        _collector.RefusalText = Canary;
        _collector.Refusal = status;

        await RunAsync();

        Assert.True(_collector.Refused > 0);
    }

    [Fact]
    public async Task A_collector_that_hangs_is_logged()
    {
        _collector.Hangs = true;

        await RunAsync();
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task A_collector_that_nobody_serves_is_logged(string protocol)
    {
        using var nobody = new PortReservation();
        _deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{nobody.EndPoint}";
        _deployment.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol;

        await RunAsync();
    }

    [Fact]
    public async Task A_collector_of_the_other_protocol_is_logged()
    {
        _deployment.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc";

        await RunAsync();
    }

    /// <summary>Runs a server until it has logged a failure, and asserts that it serves all the same.</summary>
    private async Task RunAsync()
    {
        await using var process = await HealthzProcess.StartAsync(_deployment.Settings, ["serve", "--urls", "http://127.0.0.1:0"]);
        var address = await process.UntilListeningAsync();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("x-functions-key", CalumaDeployment.Key);
        using var first = await client.GetAsync(new Uri(address, "/healthz/"), Cancel);

        await process.UntilLoggedAsync("HealthzTelemetryFailed source=OpenTelemetry-Exporter-OpenTelemetryProtocol event=");
        using var second = await client.GetAsync(new Uri(address, "/healthz/"), Cancel);
        process.Send(Signal.Terminate);
        await process.UntilEndedAsync();

        var log = $"{process.Log}";
        Assert.True(first.IsSuccessStatusCode && second.IsSuccessStatusCode, log);
        Assert.Distinct(Failure().Matches(log).Select(line => line.Value));
        Assert.DoesNotContain(Canary, log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(_deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"]!, log, StringComparison.Ordinal);
    }

    [GeneratedRegex("HealthzTelemetryFailed source=.* times=")]
    private static partial Regex Failure();
}
