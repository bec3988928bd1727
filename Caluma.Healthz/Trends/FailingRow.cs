namespace Caluma.Healthz.Trends;

/// <summary>Computes how many failing runs in a row are more than chance.</summary>
/// <param name="budget">The share of runs that may fail.</param>
/// <param name="interval">The time between two runs.</param>
internal sealed class FailingRow(double budget, TimeSpan interval)
{
    /// <summary>The number for a check that seldom fails: a total outage must trigger within three runs.</summary>
    public const int MinRuns = 3;

    /// <summary>The maximum, however often a check fails for one or two runs.</summary>
    public const int MaxRuns = 5;

    /// <summary>The minimum of short rows from which their frequency can be estimated.</summary>
    private const int MinShortRows = 5;

    /// <summary>The maximum of rows in a month that reach the length of an outage by chance.</summary>
    private const double MaxRowsPerMonth = 0.1;

    /// <summary>
    /// The number of failing runs in a row that is an outage: three, or up to five where rows of one or two failing runs are so frequent
    /// that some follow directly upon each other by chance.
    /// </summary>
    /// <param name="runs">The runs of the last days.</param>
    public int RunsOfOutage(RunCount runs)
    {
        if (runs.ShortRows < MinShortRows)
        {
            return MinRuns;
        }

        // A check that fails more often than its objective allows gets no longer row for that.
        var share = Math.Min((double)runs.ShortRows / runs.Runs, budget);
        var runsOfRow = 1 + Math.Min(1, (double)runs.SecondFailures / runs.ShortRows);
        var rows = 1;
        for (var perMonth = Chance.Month / interval * share; perMonth > MaxRowsPerMonth && rows < MaxRuns; perMonth *= share)
        {
            rows++;
        }

        return Math.Clamp(1 + (int)((rows - 1) * runsOfRow), MinRuns, MaxRuns);
    }
}
