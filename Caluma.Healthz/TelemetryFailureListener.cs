using System.Diagnostics.Tracing;
using System.Globalization;

namespace Caluma.Healthz;

/// <summary>
/// Hears what the exporters of telemetry say of themselves, which goes to event sources and nowhere else: what is refused would be lost
/// unseen. It reports each failure at most once a minute. It reports names and a status, and never a text: Azure's have the
/// instrumentation key and the endpoint, others the answer of a server.
/// </summary>
/// <remarks>The initializers run before the constructor of the base class, which may call <see cref="OnEventWritten"/>.</remarks>
internal sealed class TelemetryFailureListener(TimeProvider time, Action<TelemetryFailure> report) : EventListener
{
    private const string StatusField = "statusCode";

    private static readonly TimeSpan _interval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// https://github.com/open-telemetry/opentelemetry-dotnet/blob/main/src/OpenTelemetry/README.md#self-diagnostics
    /// and https://learn.microsoft.com/troubleshoot/azure/azure-monitor/app-insights/telemetry/opentelemetry-troubleshooting-dotnet.
    /// </summary>
    private static readonly string[] _sources =
        ["OpenTelemetry-Sdk", "OpenTelemetry-Exporter-OpenTelemetryProtocol", "OpenTelemetry-AzureMonitor-Exporter"];

    /// <summary>The warnings that tell of a loss. Others are about settings, and the metrics that a view drops.</summary>
    private static readonly HashSet<string> _losses =
    [
        "ExistsDroppedExportProcessorItems",
        "CouldNotTranslateLogRecord", "GrpcStatusWarning", "OperationUnexpectedlyCanceled", "RequestTimedOut", "TransientHttpError",
        "CoalescedBatchRejected", "PartialContentResponseInvalid", "PartialContentResponseUnhandled",
    ];

    /// <summary>Errors of the performance counters that the Azure exporter adds, which nobody can act on.</summary>
    private static readonly HashSet<string> _noLosses =
        ["ProcessCountersUnexpectedNegativeTimeSpan", "ProcessCountersUnexpectedNegativeValue"];

    private readonly Dictionary<(string Source, string Event, int? Status), (long Reported, int Since)> _known = [];

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (_sources.Contains(eventSource.Name))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        var name = eventData.EventName ?? eventData.EventId.ToString(CultureInfo.InvariantCulture);
        if (eventData.Level > EventLevel.Error ? !_losses.Contains(name) : _noLosses.Contains(name))
        {
            return;
        }

        var failure = new TelemetryFailure(eventData.EventSource.Name, name, StatusOf(eventData), Times: 1);
        lock (_known)
        {
            var key = (failure.Source, failure.Event, failure.Status);
            if (_known.TryGetValue(key, out var known))
            {
                if (time.GetElapsedTime(known.Reported) < _interval)
                {
                    _known[key] = known with { Since = known.Since + 1 };
                    return;
                }

                failure = failure with { Times = known.Since + 1 };
            }

            _known[key] = (time.GetTimestamp(), 0);
        }

        report(failure);
    }

    private static int? StatusOf(EventWrittenEventArgs eventData) =>
        eventData.PayloadNames?.IndexOf(StatusField) is { } field and >= 0 && eventData.Payload?[field] is int status and > 0
            ? status
            : null;
}
