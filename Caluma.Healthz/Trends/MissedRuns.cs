using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>Finds three consecutive ticks of the schedule without a run, outside of maintenance.</summary>
internal sealed class MissedRuns(HealthzOptions options)
{
    private const int RunsMissing = 3;

    /// <param name="seen">The ticks with a run.</param>
    /// <param name="newest">The tick of the newest run.</param>
    /// <param name="now">The time before which ticks count.</param>
    /// <param name="isKnown">Whether an alert says already that runs are missing since a tick.</param>
    /// <returns>The first and the third of three missing ticks; null where there are none.</returns>
    public (DateTimeOffset First, DateTimeOffset Third)? Find(
        TickSet seen, DateTimeOffset newest, DateTimeOffset now, Func<DateTimeOffset, bool> isKnown)
    {
        if (options.Schedule.IsEven && now - newest <= 2 * options.Schedule.Interval)
        {
            // The usual case, without a search.
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
                // The newest run landed late, after runs of another instance for later ticks.
                missed = 0;
            }
            else
            {
                first = missed == 0 ? tick : first;
                if (++missed == RunsMissing)
                {
                    if (!isKnown(first))
                    {
                        return (first, tick);
                    }

                    // Those that follow are missing since then, too. They may be those of years.
                    if (seen.After(tick) is not { } next)
                    {
                        return null;
                    }

                    tick = next.AddTicks(-1);
                }
            }
        }

        return null;
    }
}
