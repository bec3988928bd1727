using System.Text;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>The metric alert of a check that fails, over the metrics that the worker exports.</summary>
[Slow(IsLong = true)]
public sealed class TelemetryMetricRuleTests(Services services) : IAsyncLifetime
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private TelemetryIngestion _ingestion = null!;
    private CalumaDeployment _deployment = null!;
    private FaultServer _way = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ingestion = await TelemetryIngestion.StartAsync();
        _deployment = await FunctionsDeployment.CreateAsync(services);
        _way = FaultServer.Start(FaultMode.Proxy, (await services.Postgres).EndPoint);
        _deployment.Settings["AzureFunctionsJobHost:telemetryMode"] = "OpenTelemetry";
        _deployment.Settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] = _ingestion.ConnectionString;
        _deployment.Settings["APPLICATIONINSIGHTS_STATSBEAT_DISABLED"] = "true";
        _deployment.Settings["Healthz:Checks"] = "databases";
        _deployment.Settings["Healthz:Databases:default"] = _deployment.Database.ConnectionStringVia(_way);
        _deployment.Settings["Healthz:Databases:archive"] = _deployment.Database.ConnectionString;
        _deployment.Settings["Healthz:Timeout"] = "00:01:00";
    }

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync();
        await _deployment.DisposeAsync();
        await _ingestion.DisposeAsync();
    }

    [Fact]
    [Fires(RuleTable.MetricRule)]
    [Resolves(RuleTable.MetricRule)]
    public async Task The_metric_alert_fires_upon_the_third_failure_in_a_row_and_resolves_after_the_recovery()
    {
        var rule = new MetricRule(
            (await Deployment.PredictAsync("param telemetry = 'openTelemetry'")).Single("Microsoft.Insights/metricAlerts"));
        var passed = await ExportAtStopAsync();
        var (failed, recovered) = await ExportsAroundRecoveryAsync();
        List<ExportedMetric> metrics = [];
        var open = new StringBuilder();

        // A sign for each minute, and one for what is open after it. One failure is no alert, nor are two; three passes clear the window,
        // and the third evaluation of a clear one ends the alert.
        const string Minutes = "...x....xx....xxxx......";
        foreach (var (sign, index) in Minutes.Select((sign, index) => (sign, index)))
        {
            var (now, export) = (_noon + (index * rule.Frequency), sign == 'x' ? failed : metrics.Count == 0 ? passed : recovered);
            metrics.AddRange(export.Select(metric => metric with { Time = now }));
            var alerts = rule.Evaluate(metrics, now);
            open.Append(alerts.Count == 0 ? '.' : '!');
            Assert.DoesNotContain(alerts, alert => alert != "databases default");
        }

        Assert.Equal("................!!!!!!..", $"{open}");
    }

    /// <summary>What a worker exports that has found all well, and stops.</summary>
    private async Task<IReadOnlyList<ExportedMetric>> ExportAtStopAsync()
    {
        await using var host = await _deployment.StartFunctionsAsync();
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        await host.StopAsync();
        return Exported();
    }

    /// <summary>
    /// What one worker exports in the minute of a failure, and after the recovery. It exports each minute, and when it stops.
    /// </summary>
    private async Task<(IReadOnlyList<ExportedMetric> Failed, IReadOnlyList<ExportedMetric> Recovered)> ExportsAroundRecoveryAsync()
    {
        _way.Mode = FaultMode.Refused;
        await using var host = await _deployment.StartFunctionsAsync();
        Assert.Equal(503, (await host.AskAsync("/healthz", Cancel)).Status);
        var before = Exported().Max(metric => metric.Time);
        await Deadline.UntilAsync(
            "the metrics of a minute are exported",
            () => Exported().Any(metric => metric.Time > before && metric.Value == 0),
            () => $"{host.Printed}",
            within: TimeSpan.FromMinutes(5));
        _way.Mode = FaultMode.Proxy;
        Assert.Equal(200, (await host.AskAsync("/healthz", Cancel)).Status);
        await host.StopAsync();

        var exports = Exported().Where(metric => metric.Time > before).ToLookup(metric => metric.Time);
        return ([.. exports.MinBy(export => export.Key)!], [.. exports.MaxBy(export => export.Key)!]);
    }

    private IReadOnlyList<ExportedMetric> Exported() => [.. _ingestion.Metrics.Where(metric => metric.Name == "healthz.check.ok")];
}
