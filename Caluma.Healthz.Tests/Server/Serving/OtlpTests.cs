using Caluma.Healthz.Servers.Otlp;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>The server sends its log and its metrics to a collector, where one is named.</summary>
[Slow]
public sealed class OtlpTests(Services services) : IAsyncLifetime
{
    private OtlpCollector _collector = null!;
    private CalumaDeployment _deployment = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _deployment = await CalumaDeployment.CreateAsync(services);
        _deployment.Settings["Healthz:Databases:archive"] = _deployment.Database.ConnectionStringFor("nobody", "wrong");
        _deployment.Settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = _collector.Address;
        _deployment.Settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        _deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task An_event_has_its_name_and_its_values_as_attributes_and_in_its_message()
    {
        await RunAsync();

        var failed = Assert.Single(_collector.Logs, log =>
            log.Body.StringValue.StartsWith("HealthzCheckFailed check=databases ", StringComparison.Ordinal));
        var attributes = failed.Attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value.StringValue);
        Assert.Equal("HealthzCheckFailed", failed.EventName);
        Assert.Equal(("databases", "archive", "auth"), (attributes["Check"], attributes["Target"], attributes["Reason"]));
        Assert.Equal(["caluma-healthz"], _collector.Services);
    }

    [Fact]
    public async Task The_metrics_come_with_their_units()
    {
        await RunAsync();

        var units = _collector.Metrics.DistinctBy(metric => metric.Name).ToDictionary(metric => metric.Name, metric => metric.Unit);
        Assert.Equal(("", "s", "1"), (units["healthz.check.ok"], units["healthz.check.duration"], units["healthz.objective"]));
    }

    [Fact]
    public async Task All_that_the_console_shows_is_sent_and_no_key()
    {
        _deployment.Settings["OTEL_SERVICE_NAME"] = "the probe of the tests";

        var process = await RunAsync(requests: 200);

        var console = $"{process}".Split('\n').Count(line => line.Contains("HealthzRunCompleted", StringComparison.Ordinal));
        Assert.Equal(
            console, _collector.Logs.Count(log => log.Body.StringValue.StartsWith("HealthzRunCompleted", StringComparison.Ordinal)));
        Assert.True(console >= 200);
        Assert.DoesNotContain(_collector.Logs, log => $"{log}".Contains(CalumaDeployment.Key, StringComparison.Ordinal));
        Assert.Equal(["the probe of the tests"], _collector.Services);
    }

    [Fact]
    public async Task An_incident_of_which_nothing_was_sent_when_the_server_died_is_told_by_the_next_one()
    {
        using var folder = new ServerFolder("otlp");
        _deployment.Settings["Healthz:Checks"] = "databases";
        _deployment.Settings["Healthz:History:Folder"] = folder.PathOf("history");
        _deployment.Settings["Healthz:Schedule"] = "*/5 * * * * *";
        _deployment.Settings["Healthz:Timeout"] = "00:01:00";
        _collector.Hangs = true;
        using var port = new PortReservation();
        string[] args = ["serve", "--urls", $"http://127.0.0.1:{port.Port}"];
        await using (var process = await HealthzProcess.StartAsync(_deployment.Settings, args))
        {
            await process.UntilLoggedAsync("HealthzIncidentOpened");
            await Deadline.UntilAsync(
                "the history has it as told",
                () => $"{process.Log}".Split("HealthzIncidentOpened")[^1].Contains("HealthzRunRecorded", StringComparison.Ordinal));
            process.Send(Signal.Kill);
            await process.UntilEndedAsync();
        }

        _collector.Hangs = false;
        await using var next = await HealthzProcess.StartAsync(_deployment.Settings, args);
        await Deadline.UntilAsync("the incident arrives", () => Heard("HealthzIncidentRepeated").Any());

        Assert.Empty(Heard("HealthzIncidentOpened"));
        var repeated = Heard("HealthzIncidentRepeated").First();
        Assert.StartsWith(
            "HealthzIncidentRepeated event=HealthzIncidentOpened at=", repeated.Body.StringValue, StringComparison.Ordinal);
        Assert.Contains(
            repeated.Attributes, attribute => (attribute.Key, attribute.Value.StringValue) == ("Repeated", "HealthzIncidentOpened"));

        // The runs that were missing meanwhile may be an incident of their own.
        IEnumerable<LogRecord> Heard(string name) => _collector.Logs.Where(log =>
            log.EventName == name && log.Body.StringValue.Contains(" system=database ", StringComparison.Ordinal));
    }

    private async Task<ServerLog> RunAsync(int requests = 1)
    {
        using var port = new PortReservation();
        await using var process =
            await HealthzProcess.StartAsync(_deployment.Settings, ["serve", "--urls", $"http://127.0.0.1:{port.Port}"]);
        await process.UntilLoggedAsync("Application started");
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.Port}") };
        for (var request = 0; request < requests; request++)
        {
            using var answer = await client.GetAsync(
                new Uri($"/healthz/?check=databases&code={CalumaDeployment.Key}", UriKind.Relative), Cancel);
            Assert.Equal(503, (int)answer.StatusCode);
        }

        process.Send(Signal.Terminate);
        await process.UntilEndedAsync();
        return process.Log;
    }
}
