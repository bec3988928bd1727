namespace Caluma.Healthz.Trends;

/// <summary>
/// How much of a window was recorded. A share of 30 days that is made of the first ten minutes of a history says nothing of 30 days:
/// "passed 0 %" beside "budget left 99.4 %" were both right, and told nobody anything.
/// </summary>
internal static class Coverage
{
    /// <summary>Below it, a share of a window is not said.</summary>
    public const double Min = 0.25;

    /// <summary>
    /// How many runs must have passed before a latency is compared with another one: one slow run after a start is no news.
    /// </summary>
    public const int MinPasses = 5;

    /// <summary>The window, where enough of it was recorded to speak of it.</summary>
    /// <param name="check">What it is a window of.</param>
    /// <param name="name">Its name, such as <c>30d</c>.</param>
    /// <param name="now">When it ends.</param>
    /// <returns>Without its availability, burn rate and budget where too little was recorded.</returns>
    public static WindowTrend Judged(SeriesTrend check, string name, DateTimeOffset now)
    {
        var window = check.Window(name);
        return Of(check, window, now) >= Min ? window : window with { Availability = null, BurnRate = null, BudgetLeft = null };
    }

    /// <summary>From 0 to 1.</summary>
    public static double Of(SeriesTrend check, WindowTrend window, DateTimeOffset now)
    {
        var recorded = window.Runs + window.Excluded;
        if (recorded == 0)
        {
            return 0;
        }

        // Days before the first record are not in the report, and hours before it neither.
        var begin = check.Hours is [var hour, ..] ? hour.Start : check.Days is [var day, ..] ? day.Start : now;
        var age = now - (check.Days is [var first, ..] && first.Start.AddDays(1) < begin ? first.Start : begin);
        return Math.Min(1, age / Window.Named(window.Window).Length) * recorded / (recorded + window.Missing);
    }
}
