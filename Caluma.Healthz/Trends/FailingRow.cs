namespace Caluma.Healthz.Trends;

/// <summary>Computes how many failing runs in a row are more than chance.</summary>
/// <param name="budget">The share of runs that may fail.</param>
/// <param name="interval">The time between two runs.</param>
internal sealed class FailingRow(double budget, TimeSpan interval)
{
    /// <summary>What it takes of a check that seldom fails: a total outage is told within three runs.</summary>
    public const int MinRuns = 3;

    /// <summary>What it takes at the most.</summary>
    public const int MaxRuns = 5;

    /// <summary>Fewer rows say nothing about how often there are some.</summary>
    private const int MinShortRows = 5;

    /// <summary>The maximum of rows in a month that chance makes so long.</summary>
    private const double MaxRowsPerMonth = 0.1;

    /// <summary>
    /// The number of failing runs in a row that is an outage: three, or more where a check has failed now and then, for one or two runs, so
    /// often that some of those times follow directly upon each other by chance.
    /// </summary>
    /// <param name="runs">The runs of the last days.</param>
    public int RunsOfOutage(RunCount runs)
    {
        if (runs.ShortRows < MinShortRows)
        {
            return MinRuns;
        }

        // What fails more often than it may is not well, and is to be heard of.
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
