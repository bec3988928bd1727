using System.Runtime.CompilerServices;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Caluma.Healthz.Runs;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Caluma.Healthz.Functions;

/// <summary>
/// Sends the log and the metrics of the worker to Application Insights, if the operator chooses OpenTelemetry: docs/alerting.md has its
/// price and its use. Otherwise the host relays the log, without metrics, and no assembly of OpenTelemetry is loaded.
/// </summary>
internal static class Telemetry
{
    /// <summary>The setting of the Functions host, so that host and worker always agree.</summary>
    private const string ModeSetting = "AzureFunctionsJobHost:telemetryMode";

    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Adds OpenTelemetry, if the mode is set and there is a connection string.</summary>
    public static void AddIfEnabled(FunctionsApplicationBuilder builder)
    {
        if ("OpenTelemetry".Equals(builder.Configuration[ModeSetting], StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(builder.Configuration[ConnectionSetting]))
        {
            Add(builder);
        }
    }

    /// <remarks>A separate method, because the runtime loads the assemblies that a method uses when it compiles the method.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(FunctionsApplicationBuilder builder)
    {
        // To the output, which the host logs: it drops what the worker logs outside of an invocation. It listens as long as the process
        // lives, for the last export comes when the container is disposed of.
        _ = new TelemetryFailureListener(TimeProvider.System, failure => Console.Error.WriteLine(failure));

        builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()

            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES outrank the name of the site, which the defaults take.
            .ConfigureResource(resource => resource.AddEnvironmentVariableDetector())
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(RunMetrics.MeterName);

                // An instance that runs nothing would send them for ever, and each costs money.
                foreach (var name in RunMetrics.ForScrapes)
                {
                    metrics.AddView(name, MetricStreamConfiguration.Drop);
                }
            })
            .UseAzureMonitorExporter(exporter =>
            {
                exporter.ConnectionString = builder.Configuration[ConnectionSetting];

                // The identity of the host. AZURE_CLIENT_ID and AZURE_TOKEN_CREDENTIALS select it.
                exporter.Credential =
                    string.IsNullOrWhiteSpace(builder.Configuration[AuthenticationSetting]) ? null : new DefaultAzureCredential();

                // As long as OTLP waits. What is given up is kept on the disk, and sent later.
                exporter.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);

                // Alerts need the events of all invocations, sampled or not.
                exporter.EnableTraceBasedLogsSampler = false;
                exporter.EnableLiveMetrics = false;
            });

        builder.Services.AddHostedService<FlushAtStop>();

        // The alert rules read the events in the message, as the host relays it.
        builder.Services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
    }

    /// <summary>
    /// Sends the last metrics before the container disposes of the instruments, which it does before it disposes of the exporter.
    /// </summary>
    private sealed class FlushAtStop(MeterProvider metrics) : IHostedService
    {
        private const int MaxWaitMilliseconds = 5000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.Run(() => metrics.ForceFlush(MaxWaitMilliseconds), CancellationToken.None);
    }
}
