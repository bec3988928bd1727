using System.Text.Json.Nodes;
using Caluma.Healthz.Servers.Functions;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// The worker that sends its log by itself: what arrives is what the host would have relayed, and the alert rules find the same in both.
/// </summary>
[Slow]
public sealed class TelemetryTests(Services services, KqlEngine kql) : IAsyncLifetime
{
    private TelemetryIngestion _ingestion = null!;
    private CalumaDeployment _deployment = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ingestion = await TelemetryIngestion.StartAsync();
        _deployment = await FunctionsDeployment.CreateAsync(services);
        _deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = _ingestion.ConnectionString;
        _deployment.Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";

        // A machine that is busy is no subject here.
        _deployment.Settings["Healthz:Timeout"] = "00:01:00";
    }

    public async ValueTask DisposeAsync()
    {
        await _deployment.DisposeAsync();
        await _ingestion.DisposeAsync();
    }

    [Fact]
    [Fires("alert-critical")]
    public async Task An_incident_is_exported_whole_and_each_rule_finds_what_it_finds_in_the_relayed_log()
    {
        using var nobody = new PortReservation();
        ExportFailuresOf(nobody);
        _deployment.Settings["WEBSITE_SITE_NAME"] = "func-healthz-prod";
        _deployment.Settings["OTEL_SERVICE_NAME"] = "the probe of the tests";
        await using var host = await _deployment.StartFunctionsAsync(ticks: true);
        await Deadline.UntilAsync(
            "an incident opens", () => Logged(host).Any(line => line.EventName == "HealthzIncidentOpened"), () => $"{host.Printed}");

        Assert.Equal(0, await host.StopAsync());

        AssertExported(host);
        Assert.Equal(["the probe of the tests"], _ingestion.Roles);
        var relayed = RelayedBy(host);
        var exported = AtOneTime(_ingestion.Tables);
        foreach (var file in InfraFolder.Files(".kql"))
        {
            var query = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, file), Cancel);
            var found = await kql.RunAsync(query, exported);
            Assert.Empty(found.Diagnostics);
            Assert.Equal((await kql.RunAsync(query, relayed)).Lines.Order(), found.Lines.Order());
        }

        var critical = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", "alert-critical.kql"), Cancel);
        Assert.StartsWith(
            "cache-default-", Assert.Single((await kql.RunAsync(critical, _ingestion.Tables)).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incident_of_which_nothing_was_sent_when_the_worker_died_reaches_its_rule_all_the_same()
    {
        using var nobody = new PortReservation();
        ExportFailuresOf(nobody);
        _ingestion.Hangs = true;
        await using var host = await _deployment.StartFunctionsAsync(ticks: true);
        await Deadline.UntilAsync(
            "an incident opens, and the history has it as told",
            () => Logged(host).SkipWhile(line => line.EventName != "HealthzIncidentOpened")
                .Any(line => line.EventName == "HealthzRunRecorded"),
            () => $"{host.Printed}");

        await host.KillWorkerAsync();
        _ingestion.Hangs = false;
        await Deadline.UntilAsync(
            "the next worker tells of it",
            () => Heard("HealthzIncidentRepeated").Any(),
            () => $"{host.Printed}");

        Assert.Empty(Heard("HealthzIncidentOpened"));
        var critical = await File.ReadAllTextAsync(Path.Combine(InfraFolder.Origin, "queries", "alert-critical.kql"), Cancel);
        Assert.Contains(
            (await kql.RunAsync(critical, _ingestion.Tables)).Lines, line => line.StartsWith("cache-default-", StringComparison.Ordinal));

        // The runs that were missing meanwhile may be an incident of their own.
        IEnumerable<string> Heard(string name) => _ingestion.Messages.Where(message =>
            message.StartsWith($"{name} ", StringComparison.Ordinal) && message.Contains(" system=cache ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_event_has_its_name_and_its_values_as_properties_too()
    {
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        _deployment.Settings["HEALTHZ_SCHEDULE"] = "0 * * * * *";
        _deployment.Settings["Healthz:Databases:archive"] = _deployment.Database.ConnectionStringFor("nobody", "wrong");
        await using var host = await _deployment.StartFunctionsAsync();
        await host.TickAsync();

        await host.StopAsync();

        Assert.Equal(["Caluma.Healthz.Functions"], _ingestion.Roles);
        var failed = _ingestion.Tables["AppTraces"]!.AsArray()
            .Where(row => $"{row!["Message"]}".StartsWith("HealthzCheckFailed check=databases ", StringComparison.Ordinal)).ToList();
        var row = Assert.Single(failed)!;
        Assert.Equal(2, (int)row["SeverityLevel"]!);
        Assert.Equal("HealthzCheckFailed", (string?)row["Properties"]!["EventName"]);
        Assert.Equal("databases", (string?)row["Properties"]!["Check"]);
        Assert.Equal("archive", (string?)row["Properties"]!["Target"]);
        Assert.Equal("auth", (string?)row["Properties"]!["Reason"]);
        Assert.Equal(
            [("archive", 0, "auth"), ("default", 1, null)],
            from metric in _ingestion.Metrics
            where metric.Name == "healthz.check.ok" && (string?)metric.Dimensions["check"] == "databases"
            orderby (string?)metric.Dimensions["target"]
            select ((string)metric.Dimensions["target"]!, (int)metric.Value, (string?)metric.Dimensions["reason"]));
        Assert.Equal(
            ["healthz.budget.remaining", "healthz.check.duration", "healthz.check.ok", "healthz.record.age", "healthz.runs"],
            _ingestion.Metrics.Select(metric => metric.Name).Where(name => name.StartsWith("healthz.", StringComparison.Ordinal))
                .Distinct().Order());
    }

    [Fact]
    public async Task A_thousand_requests_and_a_stop_amid_them_lose_nothing()
    {
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        _deployment.Settings["Healthz:MinInterval"] = "0";
        _deployment.Settings["WEBSITE_SITE_NAME"] = "func-healthz-prod";
        await using var host = await _deployment.StartFunctionsAsync();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 1000),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel },
            async (_, stop) => Assert.Equal(200, (await host.AskAsync("/healthz?check=caches", stop)).Status));
        await host.StopAsync();

        Assert.True(Logged(host).Count(line => line.EventName == "HealthzRunCompleted") > 50);
        AssertExported(host);
        Assert.Equal(["func-healthz-prod"], _ingestion.Roles);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ApplicationInsights")]
    public async Task Where_it_is_not_asked_for_nothing_of_it_is_loaded_and_nothing_is_sent(string? mode)
    {
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = mode;
        await using var host = await _deployment.StartFunctionsAsync();
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        var loaded = await File.ReadAllTextAsync($"/proc/{host.WorkerId}/maps", Cancel);

        await host.StopAsync();

        Assert.Contains("Caluma.Healthz.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
        Assert.Empty(_ingestion.Envelopes);
    }

    /// <remarks>A worker that exports its log sends it to the host, too, but without the invocation, so that the host drops it.</remarks>
    private static IEnumerable<RelayedLog> Logged(FunctionsHost host) =>
        host.Log.Concat(host.Dropped).Where(line => line.EventName.StartsWith("Healthz", StringComparison.Ordinal));

    /// <summary>What was logged has arrived, each as often as it was.</summary>
    /// <summary>Sets a worker that exports its log and records every 5 s a cache that nobody serves.</summary>
    private void ExportFailuresOf(PortReservation nobody)
    {
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        _deployment.Settings["Healthz:Checks"] = "caches";
        _deployment.Settings["Healthz:Caches:default"] = $"127.0.0.1:{nobody.Port}";
        _deployment.Settings["HEALTHZ_SCHEDULE"] = "*/5 * * * * *";
    }

    private void AssertExported(FunctionsHost host) =>
        Assert.Equal(
            Logged(host).Select(line => line.Message).Order(StringComparer.Ordinal),
            _ingestion.Messages.Where(message => message.StartsWith("Healthz", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static JsonObject RelayedBy(FunctionsHost host)
    {
        var tables = new LogTables();
        foreach (var line in Logged(host).Where(line => line.Level >= LogLevel.Information))
        {
            tables.Log(log => log.Log(line.Level, new EventId(0, line.EventName), line.Message, null, (message, _) => message));
        }

        return tables.Tables;
    }

    /// <summary>As if all rows had arrived when those of the relayed log have, which is made up.</summary>
    private static JsonObject AtOneTime(JsonObject tables)
    {
        foreach (var row in tables.SelectMany(table => table.Value!.AsArray()))
        {
            row!["TimeGenerated"] = "2026-11-22T12:00:00.0000000Z";
        }

        return tables;
    }
}
