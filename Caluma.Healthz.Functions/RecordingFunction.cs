using Caluma.Healthz.Recording;
using Microsoft.Azure.Functions.Worker;

namespace Caluma.Healthz.Functions;

/// <summary>The timer: records a run at each tick of the schedule. The Functions host runs it on one instance.</summary>
public sealed class RecordingFunction(Recorder recorder)
{
    /// <remarks>
    /// A flat name, not <c>Healthz:Schedule</c>: the host resolves either, but the scale controller, which wakes a sleeping app for its
    /// timer, is reported not to resolve a nested one (azure-functions-host#8649). Without RunOnStartup, which would fire on each new
    /// instance.
    /// </remarks>
    [Function("healthz-record")]
    public async Task RecordAsync([TimerTrigger("%HEALTHZ_SCHEDULE%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await recorder.RecordAsync(timer.IsPastDue, "timer", cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host stops, as for a deployment. An escaping exception would be logged three times, and mail people.
        }
    }
}
