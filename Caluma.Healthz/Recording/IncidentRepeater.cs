using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Logs the newest event of each incident again, while it is open and for 30 minutes after its end. Events can be lost without an error:
/// OpenTelemetry's exporters hold up to 5 s of events when a process is killed, and a host or a collector holds some when it ends. Azure's
/// alert rules read only the log, so without the repetition they would miss the incident or its end.
/// </summary>
internal sealed class IncidentRepeater(ILogger logger)
{
    /// <summary>The interval at which the paging alert rules read the log.</summary>
    private static readonly TimeSpan _between = TimeSpan.FromMinutes(5);

    /// <summary>How long after its end an incident is repeated. Losses last minutes.</summary>
    private static readonly TimeSpan _afterEnd = TimeSpan.FromMinutes(30);

    /// <summary>The same for the first run of a process: the one before may have ended long ago. Alert rules look 2 days back.</summary>
    private static readonly TimeSpan _beforeStart = TimeSpan.FromDays(2);

    /// <summary>The newest run with which events were repeated.</summary>
    private DateTimeOffset? _last;

    /// <summary>Repeats what is due, with the first run of this process and then every 5 minutes.</summary>
    /// <param name="state">The state after the run.</param>
    /// <param name="tick">The run. Its own events have just been logged.</param>
    public void Repeat(TrendState state, DateTimeOffset tick)
    {
        // A tick before the last one means that the clock went back: repeat then, or nothing is repeated until it catches up.
        if (tick >= _last && tick < _last + _between)
        {
            return;
        }

        var afterEnd = tick - _afterEnd;
        var first = _last is not { } last ? tick - _beforeStart : last < afterEnd ? last : afterEnd;
        _last = tick;
        foreach (var incident in state.Incidents.Select(known => known.Incident).Where(incident => !(incident.Resolved < first)))
        {
            if (incident.Timeline is [.., var said] && said.Tick != tick)
            {
                RecordingLog.Repeated(logger, incident, said);
            }
        }
    }
}
