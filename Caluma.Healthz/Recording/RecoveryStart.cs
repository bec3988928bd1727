using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Finds the time from which a recovery reads the log: before the last quiet time, so that it sees each open incident from its first
/// failing run. It takes rollups, the newest first, until it has found a quiet time.
/// </summary>
/// <param name="newest">The latest possible start.</param>
/// <param name="quiet">The length of a quiet time: after so long without a failure no rule sees earlier ones.</param>
internal sealed class RecoveryStart(DateTimeOffset newest, TimeSpan quiet)
{
    /// <summary>The maximum of verdicts to read: 55 days of five checks a minute.</summary>
    private const int MaxVerdicts = 400_000;

    private const int TicksMissing = 3;

    private long _verdicts;

    /// <summary>The start according to the rollups so far: the start of an hour.</summary>
    public DateTimeOffset Time { get; private set; } = newest;

    /// <summary>Whether older rollups make no difference.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Adds the rollup of the day before the earliest one so far.</summary>
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
