namespace Caluma.Healthz.Trends;

/// <summary>
/// Computes how much of a window was recorded. Below a minimum no availability is shown: ten minutes say nothing about 30 days.
/// </summary>
internal static class Coverage
{
    /// <summary>The minimum coverage of a window for a percentage.</summary>
    public const double Min = 0.25;

    /// <summary>
    /// The minimum of passing runs for a comparison of latencies: shortly after a start, a single slow run would decide it.
    /// </summary>
    public const int MinPasses = 5;

    /// <summary>Finds a window of a check, for display.</summary>
    /// <param name="check">The check.</param>
    /// <param name="name">Its name, such as <c>30d</c>.</param>
    /// <param name="now">The end of the window.</param>
    /// <returns>The window, without its availability, burn rate and budget where too little was recorded.</returns>
    public static WindowTrend ForDisplay(SeriesTrend check, string name, DateTimeOffset now)
    {
        var window = check.Window(name);
        return Of(check, window, now) >= Min ? window : window with { Availability = null, BurnRate = null, BudgetLeft = null };
    }

    /// <summary>The coverage, from 0 to 1.</summary>
    public static double Of(SeriesTrend check, WindowTrend window, DateTimeOffset now)
    {
        var recorded = window.Runs + window.Excluded;
        if (recorded == 0)
        {
            return 0;
        }

        // The report has no days and hours before the first record.
        var begin = check.Hours is [var hour, ..] ? hour.Start : check.Days is [var day, ..] ? day.Start : now;
        var age = now - (check.Days is [var first, ..] && first.Start.AddDays(1) < begin ? first.Start : begin);
        return Math.Min(1, age / Window.Named(window.Window).Length) * recorded / (recorded + window.Missing);
    }
}
