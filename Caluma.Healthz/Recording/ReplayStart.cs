using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Where to begin with the log, so that what is open at its end is seen from its first failing run on: before all that fails, is
/// missing or does not count without a quiet time in between. It takes rollups, the newest first, until it knows.
/// </summary>
/// <param name="newest">The latest that it may be.</param>
/// <param name="quiet">After so long without a failure, no rule sees any more what was before.</param>
internal sealed class ReplayStart(DateTimeOffset newest, TimeSpan quiet)
{
    /// <summary>How many verdicts there is time to read: those of 55 days, with five checks a minute.</summary>
    private const int MaxVerdicts = 400_000;

    private const int TicksMissing = 3;

    private long _verdicts;

    /// <summary>Where to begin, by what was taken in: the start of an hour.</summary>
    public DateTimeOffset Time { get; private set; } = newest;

    /// <summary>Whether nothing that is older makes a difference.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Takes the rollup in of the day before those that it has.</summary>
    public void Add(DayRollup rollup)
    {
        foreach (var hour in Enumerable.Reverse(rollup.Hours))
        {
            var start = new DateTimeOffset(rollup.Day, new TimeOnly(hour.Hour, 0), TimeSpan.Zero);
            _verdicts += hour.Series.Sum(series => series.Runs + series.Excluded);
            IsKnown |= start < Time - quiet || _verdicts > MaxVerdicts;
            if (IsKnown)
            {
                return;
            }

            if (start < Time && !IsQuiet(hour))
            {
                Time = start;
            }
        }
    }

    private static bool IsQuiet(HourRollup hour) =>
        hour.Expected - hour.Ticks < TicksMissing && hour.Series.TrueForAll(series => series.Excluded == 0 && series.Ok == series.Runs);
}
