using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Looks for three ticks of the schedule in a row without a run, those in maintenance left out.</summary>
internal sealed class MissedRuns(HealthzOptions options)
{
    private const int RunsMissing = 3;

    /// <param name="seen">The ticks with a run.</param>
    /// <param name="newest">The tick of the newest run.</param>
    /// <param name="now">Ticks before it are looked at.</param>
    /// <returns>The first and the third of three in a row; null where there are none.</returns>
    public (DateTimeOffset First, DateTimeOffset Third)? Find(TickSet seen, DateTimeOffset newest, DateTimeOffset now)
    {
        if (options.Schedule.IsEven && now - newest <= 2 * options.Schedule.Interval)
        {
            // So it is nearly always, and there is no need to look.
            return null;
        }

        var missed = 0;
        var first = newest;
        for (var tick = options.Schedule.Next(newest); tick < now; tick = options.Schedule.Next(tick))
        {
            if (options.Maintenance.FirstOrDefault(window => window.Contains(tick)) is { } maintenance)
            {
                tick = maintenance.End.AddTicks(-1);
            }
            else if (seen.Contains(tick))
            {
                // The newest run landed late, behind runs of another instance for ticks that come after it.
                missed = 0;
            }
            else
            {
                first = missed == 0 ? tick : first;
                if (++missed == RunsMissing)
                {
                    return (first, tick);
                }
            }
        }

        return null;
    }
}
