using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Logs the newest event of each incident again, while it is open and for a while after its end. A log gets lost, without a word to the
/// process that writes it: what waited for its batch when the process was killed (5 s of OpenTelemetry's exporters), or what a host or a
/// collector had when it ended. Who reads only the log, as Azure's alert rules do, would never hear of the incident, or of its end.
/// </summary>
internal sealed class IncidentRepeater(ILogger logger)
{
    /// <summary>The alert rules that page read the log as often.</summary>
    private static readonly TimeSpan _between = TimeSpan.FromMinutes(5);

    /// <summary>For so long an end is repeated. What gets lost gets lost for minutes.</summary>
    private static readonly TimeSpan _afterEnd = TimeSpan.FromMinutes(30);

    /// <summary>The same for a new process, since the one before may have ended long ago: as far back as the alert rules look.</summary>
    private static readonly TimeSpan _beforeStart = TimeSpan.FromDays(2);

    /// <summary>The newest run with which events were repeated.</summary>
    private DateTimeOffset? _last;

    /// <summary>Repeats what is due, with the first run of this process and then every 5 minutes.</summary>
    /// <param name="state">The state after the run.</param>
    /// <param name="tick">The run. Its own events have just been logged.</param>
    public void Repeat(TrendState state, DateTimeOffset tick)
    {
        // Where the clock has gone back, too.
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
