namespace Caluma.Healthz.Trends;

/// <summary>The runs of a window.</summary>
/// <param name="Runs">How many count.</param>
/// <param name="Failed">How many of those failed.</param>
/// <param name="SecondFailures">How many of those directly followed the first failure of a row.</param>
/// <param name="ShortRows">How many rows of one or two failing runs ended.</param>
internal readonly record struct RunCount(int Runs, int Failed, int SecondFailures, int ShortRows)
{
    /// <summary>
    /// A single failure must not be an alert: with a run a minute and an objective of 99.9 % its burn rate over 1 h is 16.7.
    /// </summary>
    private const int MinFailures = 3;

    /// <summary>
    /// The number of independent failures, which is compared with chance. The first two failures of a row may have one cause, so the
    /// second does not count; later ones do.
    /// </summary>
    private int Independent => Failed - SecondFailures;

    /// <summary>Whether three runs or more failed, and at least this many of them independently of each other.</summary>
    public bool AreBeyond(int independent) => Failed >= MinFailures && Independent >= independent;

    public static RunCount operator +(RunCount one, RunCount other) =>
        new(
            one.Runs + other.Runs,
            one.Failed + other.Failed,
            one.SecondFailures + other.SecondFailures,
            one.ShortRows + other.ShortRows);
}
