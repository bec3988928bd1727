using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws the error budget of the last 30 days: the share that was left at the end of each day, beside a budget that is used evenly.
/// </summary>
internal static class BudgetChart
{
    private const int Days = 30;
    private const int Height = 100;

    /// <summary>The lowest value of the drawing; the text says how far a budget is overspent.</summary>
    private const double Lowest = -1;

    public static Html Draw(PageContext context, SeriesTrend check)
    {
        if (Coverage.ForDisplay(check, "30d", context.Now).BudgetLeft is not { } left)
        {
            return Html.Of($"<p><small>Error budget: not enough history yet.</small></p>");
        }

        var days = check.Days.Where(day => day.Start > context.Today.AddDays(-Days)).ToList();
        var failed = days.Sum(day => day.Failed);
        var (line, sum) = (new StringBuilder(), 0);
        var lowest = Math.Clamp(left, Lowest, 0);
        int Y(double share) => (int)Math.Round((1 - Math.Max(share, lowest)) / (1 - lowest) * Height);
        for (var index = 0; index < days.Count; index++)
        {
            sum += days[index].Failed;
            var share = failed == 0 ? 1 : 1 - ((1 - left) * sum / failed);
            line.Append(index == 0 ? string.Create(CultureInfo.InvariantCulture, $"M0 {Y(1)}L") : " ");
            line.Append(CultureInfo.InvariantCulture, $"{X(context, days[index].Start.AddDays(1))} {Y(share)}");
        }

        var worst = days.Where(day => day.Failed > 0).MaxBy(day => day.Failed);
        var most = worst is null ? "" : $"; most of it on {Words.Day(worst.Start)} ({Words.Count(worst.Failed, "failure", "failures")})";
        var text = left < 0 ? $"overspent by {Words.Percent(-100 * left)}" : $"{Words.Percent(100 * left)} left";
        return Html.Of($"""
            <p><small>Error budget of {Days} days: {text}{most}.</small></p>
            <div class="chart burn-down" aria-hidden="true">
            <svg class="y-axis"><text x="100%" y="0" dy=".8em">100 %</text><text x="100%" y="{Y(0)}%">0 %</text></svg>
            <svg class="plot" viewBox="0 0 {LatencyScale.Width} {Height}" preserveAspectRatio="none">
            <path class="grid" d="M0 {Y(0)}h{LatencyScale.Width}"/>
            <path class="even" d="M0 {Y(1)}L{LatencyScale.Width} {Y(0)}"/><path class="left" d="{line.ToString()}"/></svg></div>
            """);
    }

    private static int X(PageContext context, DateTimeOffset time)
    {
        var share = (time - context.Today.AddDays(1 - Days)) / TimeSpan.FromDays(Days);
        return (int)Math.Round(Math.Clamp(share, 0, 1) * LatencyScale.Width);
    }
}
