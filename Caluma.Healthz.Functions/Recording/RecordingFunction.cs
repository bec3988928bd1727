using Caluma.Healthz.Recording;
using Microsoft.Azure.Functions.Worker;

namespace Caluma.Healthz.Functions.Recording;

/// <summary>The timer of the Functions app: records a run at each tick of the schedule. The host runs it on one instance.</summary>
public sealed class RecordingFunction(Recorder recorder)
{
    private const string Source = "timer";

    /// <summary>Runs the checks and records what they find.</summary>
    /// <param name="timer">Whether the host has missed the tick.</param>
    /// <param name="cancellationToken">The host stops.</param>
    /// <remarks>
    /// A flat name, not <c>Healthz:Schedule</c>: the host resolves either, but the scale controller, which wakes a sleeping app for its timer,
    /// is reported not to resolve a nested one (azure-functions-host#8649). Not RunOnStartup: it fires whenever an instance is added.
    /// </remarks>
    [Function("healthz-record")]
    public Task RecordAsync([TimerTrigger("%HEALTHZ_SCHEDULE%")] TimerInfo timer, CancellationToken cancellationToken) =>
        recorder.RecordAsync(timer.IsPastDue, Source, cancellationToken);
}
