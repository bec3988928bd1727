namespace Caluma.Healthz.Trends;

/// <summary>The runs of a window.</summary>
/// <param name="Runs">How many count.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="Seconds">How many of those were the second of a row of failing runs.</param>
/// <param name="ShortRows">How many rows of one or two failing runs ended.</param>
internal readonly record struct RunCount(int Runs, int Failed, int Seconds, int ShortRows)
{
    /// <summary>
    /// A single failure must not be an alert: with a run a minute and an objective of 99.9 % its burn rate over 1 h is 16.7.
    /// </summary>
    private const int MinFailures = 3;

    /// <summary>
    /// The failures to hold against chance. A trouble that lasts from one run to the next makes two failures that are not independent:
    /// they count once. What fails for longer counts in full but for one.
    /// </summary>
    private int Independent => Failed - Seconds;

    /// <summary>Whether so many failed as to be no accident, and at least so many of them independently of each other.</summary>
    public bool AreBeyond(int independent) => Failed >= MinFailures && Independent >= independent;

    public static RunCount operator +(RunCount one, RunCount other) =>
        new(one.Runs + other.Runs, one.Failed + other.Failed, one.Seconds + other.Seconds, one.ShortRows + other.ShortRows);
}
