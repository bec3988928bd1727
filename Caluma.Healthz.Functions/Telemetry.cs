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

namespace Caluma.Healthz.Functions;

/// <summary>
/// Lets the worker send its log and its metrics to Application Insights by itself, where the operator asks for it: docs/alerting.md has
/// what that costs and gives. Else the host relays the log, without metrics, and nothing of OpenTelemetry is loaded.
/// </summary>
internal static class Telemetry
{
    /// <summary>The Functions host's own setting, so that both are always of one mind.</summary>
    private const string ModeSetting = "AzureFunctionsJobHost:telemetryMode";

    private const string ConnectionSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string AuthenticationSetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Adds it, where it is asked for and there is a place to send to.</summary>
    public static void AddWhereAskedFor(FunctionsApplicationBuilder builder)
    {
        if ("OpenTelemetry".Equals(builder.Configuration[ModeSetting], StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(builder.Configuration[ConnectionSetting]))
        {
            Add(builder);
        }
    }

    /// <remarks>A method of its own: the runtime loads what a method names when it compiles it.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Add(FunctionsApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(RunMetrics.MeterName);

                // Of an instance that runs nothing any more they would go on for ever, and be paid for.
                foreach (var name in RunMetrics.ForScrapes)
                {
                    metrics.AddView(name, MetricStreamConfiguration.Drop);
                }
            })
            .UseAzureMonitorExporter(exporter =>
            {
                exporter.ConnectionString = builder.Configuration[ConnectionSetting];

                // The identity that the host uses. AZURE_CLIENT_ID and AZURE_TOKEN_CREDENTIALS say which.
                exporter.Credential =
                    string.IsNullOrWhiteSpace(builder.Configuration[AuthenticationSetting]) ? null : new DefaultAzureCredential();

                // An event of an invocation that is not sampled is as good a reason for an alert as any other.
                exporter.EnableTraceBasedLogsSampler = false;
                exporter.EnableLiveMetrics = false;
            });

        builder.Services.AddHostedService<FlushAtStop>();

        // The alert rules read the events in the message, as the host relays it.
        builder.Services.Configure<OpenTelemetryLoggerOptions>(logs => logs.IncludeFormattedMessage = true);
    }

    /// <summary>
    /// Sends what is left while the instruments are still there: the container disposes of them before it does of the exporter.
    /// </summary>
    private sealed class FlushAtStop(MeterProvider metrics) : IHostedService
    {
        private const int MaxWaitMilliseconds = 5000;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) =>
            Task.Run(() => metrics.ForceFlush(MaxWaitMilliseconds), CancellationToken.None);
    }
}
