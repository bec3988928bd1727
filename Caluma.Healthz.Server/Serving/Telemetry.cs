using System.Diagnostics.Metrics;
using System.Reflection;
using Caluma.Healthz.Runs;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Caluma.Healthz.Server.Serving;

/// <summary>
/// What the server tells of itself by OpenTelemetry: its metrics to Prometheus, which asks, and its metrics and log to a collector by OTLP,
/// where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names one. The other variables of OpenTelemetry count, too.
/// </summary>
internal static class Telemetry
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void Add(WebApplicationBuilder builder, bool toPrometheus)
    {
        var toCollector = !string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]);
        if (!toPrometheus && !toCollector)
        {
            return;
        }

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES outrank what is said here.
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("caluma-healthz", serviceVersion: Version).AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics.AddMeter(RunMetrics.MeterName));

        // OpenTelemetry goes by the name of a meter, and another server in this process has one of the same name.
        builder.Services.ConfigureOpenTelemetryMeterProvider((services, metrics) =>
        {
            var own = services.GetRequiredService<IMeterFactory>();
            metrics.AddView(instrument => ReferenceEquals(instrument.Meter.Scope, own) ? null : MetricStreamConfiguration.Drop);
        });
        if (toPrometheus)
        {
            // What has just been recorded is seen: scrapes are seconds apart, and cost little.
            telemetry.WithMetrics(metrics => metrics.AddPrometheusExporter(
                exporter => exporter.ScrapeResponseCacheDurationMilliseconds = 0));
        }

        if (toCollector)
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter())
                .WithLogging(logs => logs.AddOtlpExporter(), options => options.IncludeFormattedMessage = true);
        }
    }

    private static string Version =>
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
