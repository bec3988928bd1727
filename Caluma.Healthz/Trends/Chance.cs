namespace Caluma.Healthz.Trends;

/// <summary>Computes how many failures a system that just meets its objective has by chance.</summary>
internal static class Chance
{
    /// <summary>The maximum of chance alerts of one rule in a month.</summary>
    public const double MaxAlertsPerMonth = 0.06;

    /// <summary>The length of a month.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>
    /// The minimum of failures in a window that chance does not explain, where runs fail independently with the same probability.
    /// </summary>
    /// <param name="probability">The probability that a run fails, from 0 to 1.</param>
    /// <param name="runs">The number of runs in the window.</param>
    /// <param name="interval">The time between two runs.</param>
    /// <remarks>
    /// The number of failures in the window before a failure is binomial, and each failure of a month ends such a window. Windows overlap,
    /// so some groups of failures are counted more than once: the result is too high rather than too low.
    /// </remarks>
    public static int MinFailures(double probability, int runs, TimeSpan interval)
    {
        var limit = MaxAlertsPerMonth / (Month / interval * probability);
        var others = Math.Max(0, runs - 1);
        var (term, cumulated) = (others * Math.Log(1 - probability), 0d);
        for (var failures = 0; failures <= others; failures++)
        {
            // The probability of at least that many other failures.
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
