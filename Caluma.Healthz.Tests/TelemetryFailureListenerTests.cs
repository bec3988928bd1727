using System.Diagnostics.Tracing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests;

public sealed class TelemetryFailureListenerTests : IDisposable
{
    private const string Source = "OpenTelemetry-AzureMonitor-Exporter";

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _reported = [];
    private readonly ExporterEvents _exporter = new();
    private readonly TelemetryFailureListener _listener;

    public TelemetryFailureListenerTests() => _listener = new(_time, failure => _reported.Add($"{failure}"));

    public void Dispose()
    {
        _listener.Dispose();
        _exporter.Dispose();
    }

    [Fact]
    public void A_failure_is_reported_by_its_names_and_no_text_of_it()
    {
        _exporter.FailedToTransmit("a secret");
        _exporter.TransmissionFailed(403, "a secret");
        _exporter.TransmissionFailed(0, "a secret");

        Assert.Equal(
            [
                $"HealthzTelemetryFailed source={Source} event=FailedToTransmit times=1",
                $"HealthzTelemetryFailed source={Source} event=TransmissionFailed status=403 times=1",
                $"HealthzTelemetryFailed source={Source} event=TransmissionFailed times=1",
            ],
            _reported);
    }

    [Fact]
    public void A_failure_is_reported_once_a_minute_and_then_with_how_often_it_was()
    {
        for (var i = 0; i < 5; i++)
        {
            _exporter.FailedToTransmit("");
            _time.Advance(TimeSpan.FromSeconds(15));
        }

        Assert.Equal(["times=1", "times=4"], _reported.Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public void Another_status_is_another_failure()
    {
        foreach (var status in new[] { 401, 401, 403 })
        {
            _exporter.TransmissionFailed(status, "");
        }

        Assert.Equal(["status=401", "status=403"], _reported.Select(line => line.Split(' ')[3]));
    }

    [Fact]
    public void A_warning_is_reported_if_something_is_lost_with_it()
    {
        _exporter.PartialContentResponseUnhandled(206);
        _exporter.RedirectHeaderParseFailed();
        _exporter.ProcessCountersUnexpectedNegativeValue();
        _exporter.TransmissionSuccess();

        Assert.Equal($"HealthzTelemetryFailed source={Source} event=PartialContentResponseUnhandled times=1", Assert.Single(_reported));
    }

    [Fact]
    public void Other_sources_are_not_heard()
    {
        using var other = new OtherEvents();

        other.FailedToTransmit("");

        Assert.False(other.IsEnabled());
        Assert.Empty(_reported);
    }

    /// <summary>Some events of the real one, which is not loaded here.</summary>
    [EventSource(Name = Source)]
    private sealed class ExporterEvents : EventSource
    {
        [Event(7, Level = EventLevel.Error)]
        public void FailedToTransmit(string exceptionMessage) => WriteEvent(7, exceptionMessage);

        [Event(8, Level = EventLevel.Critical)]
        public void TransmissionFailed(int statusCode, string error) => WriteEvent(8, statusCode, error);

        [Event(19, Level = EventLevel.Warning)]
        public void RedirectHeaderParseFailed() => WriteEvent(19);

        [Event(32, Level = EventLevel.Verbose)]
        public void TransmissionSuccess() => WriteEvent(32);

        [Event(39, Level = EventLevel.Warning)]
        public void PartialContentResponseUnhandled(int error) => WriteEvent(39, error);

        [Event(52, Level = EventLevel.Error)]
        public void ProcessCountersUnexpectedNegativeValue() => WriteEvent(52);
    }

    [EventSource(Name = "Caluma-Healthz-Tests")]
    private sealed class OtherEvents : EventSource
    {
        [Event(7, Level = EventLevel.Error)]
        public void FailedToTransmit(string exceptionMessage) => WriteEvent(7, exceptionMessage);
    }
}
