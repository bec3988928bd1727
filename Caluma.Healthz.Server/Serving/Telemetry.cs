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
internal static partial class Telemetry
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
            builder.Services.AddHostedService<FailureLog>();
        }
    }

    private static string Version =>
        typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>
    /// Logs what the exporter cannot send. It listens as long as the process lives, for the last export comes when the container is
    /// disposed of.
    /// </summary>
    private sealed partial class FailureLog(ILogger<FailureLog> logger, TimeProvider time) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            _ = new TelemetryFailureListener(time, failure => Failed(failure.Source, failure.Event, failure.Times));
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(EventId = EventIds.TelemetryFailed, EventName = "HealthzTelemetryFailed", Level = LogLevel.Warning,
            Message = "HealthzTelemetryFailed source={Source} event={Event} times={Times}")]
        private partial void Failed(string source, string @event, int times);
    }
}
