using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

[Slow]
public class MetricsTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_metrics_port_has_the_newest_verdicts_and_nothing_else()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Databases:archive"] = deployment.Database.ConnectionStringFor("nobody", "wrong");
        deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";
        using var port = new PortReservation();
        using var metricsPort = new PortReservation();
        await using var process = await HealthzProcess.StartAsync(
            deployment.Settings, ["serve", "--urls", $"http://127.0.0.1:{port.Port}", "--metrics", $"http://127.0.0.1:{metricsPort.Port}"]);
        await process.UntilLoggedAsync("Application started");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.Port}") };
        using var metricsClient = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{metricsPort.Port}") };

        Assert.Equal(401, await StatusAsync(client, "/healthz/?check=databases"));
        client.DefaultRequestHeaders.Add("x-functions-key", CalumaDeployment.Key);
        Assert.Equal(503, await StatusAsync(client, "/healthz/?check=databases"));

        var metrics = await metricsClient.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancel);
        Assert.Contains("healthz_check_ok{otel_scope_name=\"Caluma.Healthz\",check=\"databases\",target=\"default\"} 1",
            metrics, StringComparison.Ordinal);
        Assert.Contains("healthz_check_ok{otel_scope_name=\"Caluma.Healthz\",check=\"databases\",reason=\"auth\",target=\"archive\"} 0",
            metrics, StringComparison.Ordinal);
        Assert.Contains("# TYPE healthz_check_duration_seconds histogram", metrics, StringComparison.Ordinal);
        Assert.Contains("service_name=\"caluma-healthz\"", metrics, StringComparison.Ordinal);
        Assert.Contains("healthz_check_age_seconds{", metrics, StringComparison.Ordinal);
        Assert.Contains("healthz_runs_total{otel_scope_name=\"Caluma.Healthz\",ok=\"false\"} 1", metrics, StringComparison.Ordinal);
        Assert.Contains("healthz_refused_keys_total{otel_scope_name=\"Caluma.Healthz\"} 1", metrics, StringComparison.Ordinal);
        Assert.Equal(404, await StatusAsync(metricsClient, "/healthz/"));
        Assert.Equal(404, await StatusAsync(client, "/metrics"));
    }

    [Theory]
    [InlineData("nonsense", "holds nonsense, which is not an address; expected one such as http://127.0.0.1:7071")]
    [InlineData(
        "http://127.0.0.1:0", "holds http://127.0.0.1:0; expected one address with a port of its own, such as http://127.0.0.1:9090")]
    [InlineData(
        "http://127.0.0.1:7071", "holds http://127.0.0.1:7071; expected one address with a port of its own, such as http://127.0.0.1:9090")]
    [InlineData(
        "http://127.0.0.1:1;http://127.0.0.1:2",
        "holds http://127.0.0.1:1;http://127.0.0.1:2; expected one address with a port of its own, such as http://127.0.0.1:9090")]
    public async Task An_invalid_address_is_refused(string address, string problem)
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);

        var result = await CommandLine.RunAsync(deployment.Configuration(), "serve", "--metrics", address);

        Assert.Equal((ExitCode.Invalid, $"--metrics {problem}"), (result.ExitCode, result.Error.Trim()));
    }

    private static async Task<int> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return (int)response.StatusCode;
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : MetricsTests(services);
}
