using System.Globalization;

namespace Caluma.Healthz;

/// <summary>An exporter of telemetry could not send something, or had to drop it.</summary>
/// <param name="Source">The name of the event source that says so, such as <c>OpenTelemetry-AzureMonitor-Exporter</c>.</param>
/// <param name="Event">The name of its event, such as <c>TransmissionFailed</c>.</param>
/// <param name="Status">The status of the HTTP answer; null where there was no answer, or the event does not say.</param>
/// <param name="Times">How often that has happened since it was reported last.</param>
internal sealed record TelemetryFailure(string Source, string Event, int? Status, int Times)
{
    /// <summary>The message of the event, for a front door whose log cannot take it.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"HealthzTelemetryFailed source={Source} event={Event}{(Status is null ? "" : " status=")}{Status} times={Times}");
}
