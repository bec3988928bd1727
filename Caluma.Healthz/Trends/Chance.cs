namespace Caluma.Healthz.Trends;

/// <summary>What a system that just meets its objective does by chance.</summary>
internal static class Chance
{
    /// <summary>How many alerts of one rule a month may be chance, at the most.</summary>
    public const double MaxAlertsPerMonth = 0.06;

    private static readonly TimeSpan _month = TimeSpan.FromDays(30);

    /// <summary>
    /// How many failures within a window are no chance, where each run fails with the same probability, whatever the others do.
    /// </summary>
    /// <param name="probability">That a run fails, from 0 to 1.</param>
    /// <param name="runs">How many runs the window holds.</param>
    /// <param name="interval">From one run to the next.</param>
    /// <remarks>
    /// Each failure of a month may be the last one of so many, with the others in the window before it: their number is binomial. This
    /// counts some groups more than once, and so is on the safe side.
    /// </remarks>
    public static int MinFailures(double probability, int runs, TimeSpan interval)
    {
        var limit = MaxAlertsPerMonth / (_month / interval * probability);
        var others = Math.Max(0, runs - 1);
        var (term, cumulated) = (others * Math.Log(1 - probability), 0d);
        for (var failures = 0; failures <= others; failures++)
        {
            // The probability of so many others or more.
            if (1 - cumulated <= limit)
            {
                return failures + 1;
            }

            cumulated += Math.Exp(term);
            term += Math.Log((double)(others - failures) / (failures + 1) * probability / (1 - probability));
        }

        return runs + 1;
    }
}
