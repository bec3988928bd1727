using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// p50 and p95 over time, the timeout and the forecast. The scale is logarithmic and the same for all charts, so that the distance to the
/// timeout can be seen, and charts can be compared.
/// </summary>
internal static class LatencyChart
{
    private const int Width = 640;
    private const int Height = 120;
    private const int MostPoints = 180;
    private const double Lowest = 0.5;

    /// <param name="check">What it is about.</param>
    /// <param name="report">The report it is of.</param>
    /// <param name="days">How many days to show.</param>
    public static Html Draw(SeriesTrend check, TrendReport report, int days)
    {
        var end = report.Now;
        var start = end - TimeSpan.FromDays(days);
        var scale = new Scale(start, end, report.TimeoutMs * 2);
        var points = Points(check, start, days);
        var label = Label(check, report, points, days);
        return Html.Of($"""
            <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-label="{label}"><title>{label}</title>{Grid(scale)}{Marks(points, scale)}<path class="timeout" d="M0 {scale.Y(report.TimeoutMs)}H{Width}"/>{Line("p50", points, point => point.P50, scale)}{Line("p95", points, point => point.P95, scale)}{ForecastLine(check, report, scale)}</svg>
            """);
    }

    /// <summary>Hours, or for many days the worst of several hours at a time.</summary>
    private static List<PeriodTrend> Points(SeriesTrend check, DateTimeOffset start, int days)
    {
        var periods = (days <= 30 ? check.Hours : check.Days).Where(period => period.Start >= start).ToList();
        var size = ((periods.Count - 1) / MostPoints) + 1;
        return
        [
            .. periods.Chunk(size).Select(chunk => new PeriodTrend(
                chunk[0].Start,
                chunk.Sum(period => period.Runs),
                chunk.Sum(period => period.Failed),
                chunk.Sum(period => period.Excluded),
                chunk.Sum(period => period.Missing),
                chunk.Max(period => period.P50),
                chunk.Max(period => period.P95))),
        ];
    }

    private static Html Grid(Scale scale)
    {
        var (lines, names) = (new StringBuilder(), new List<Html>());
        for (var ms = 1; ms < scale.Highest; ms *= 10)
        {
            lines.Append(CultureInfo.InvariantCulture, $"M0 {scale.Y(ms)}H{Width}");
            names.Add(Html.Of($"""<text x="3" y="{scale.Y(ms) - 3}">{(ms < 1000 ? $"{ms} ms" : $"{ms / 1000} s")}</text>"""));
        }

        return Html.Of($"""<path class="grid" d="{lines.ToString()}"/><g class="axis">{Html.Join(names)}</g>""");
    }

    /// <summary>Where runs failed, were made during maintenance, or are missing: three shapes at the foot.</summary>
    private static Html Marks(List<PeriodTrend> points, Scale scale)
    {
        var (failed, excluded, missing) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        foreach (var point in points)
        {
            var x = scale.X(point.Start);
            if (point.Failed > 0)
            {
                failed.Append(CultureInfo.InvariantCulture, $"M{x} {Height}l-4-9h8z");
            }
            else if (point is { Runs: 0, Excluded: > 0 })
            {
                excluded.Append(CultureInfo.InvariantCulture, $"M{x} {Height - 1}v-6h3v6z");
            }
            else if (!point.HasData && point.Missing > 0)
            {
                missing.Append(CultureInfo.InvariantCulture, $"M{x} {Height}v-3h3v3z");
            }
        }

        return Html.Of($"""<path class="failing" d="{failed.ToString()}"/><path class="maintenance" d="{excluded.ToString()}"/><path class="missing" d="{missing.ToString()}"/>""");
    }

    private static Html Line(string name, List<PeriodTrend> points, Func<PeriodTrend, double?> value, Scale scale)
    {
        var line = new StringBuilder();
        var isDrawing = false;
        foreach (var point in points)
        {
            if (value(point) is { } milliseconds)
            {
                // The first point twice, so that its round cap shows one that has no neighbours.
                var place = string.Create(CultureInfo.InvariantCulture, $"{scale.X(point.Start)} {scale.Y(milliseconds)}");
                line.Append(isDrawing ? $" {place}" : $"M{place} {place}");
            }

            isDrawing = value(point) is not null;
        }

        return Html.Of($"""<path class="{name}" d="{line.ToString()}"/>""");
    }

    private static Html? ForecastLine(SeriesTrend check, TrendReport report, Scale scale)
    {
        if (check.Forecast is not { DaysToTimeout: not null } forecast)
        {
            return null;
        }

        var line = new StringBuilder();
        for (var hours = -168; hours <= 0; hours += 12)
        {
            var (time, milliseconds) = (report.Now.AddHours(hours), forecast.NowMs + (forecast.MsPerDay * hours / 24));
            if (time >= scale.Start && milliseconds > Lowest)
            {
                line.Append(CultureInfo.InvariantCulture, $"{(line.Length == 0 ? 'M' : 'L')}{scale.X(time)} {scale.Y(milliseconds)}");
            }
        }

        return Html.Of($"""<path class="forecast" d="{line.ToString()}"/>""");
    }

    private static string Label(SeriesTrend check, TrendReport report, List<PeriodTrend> points, int days)
    {
        var name = $"Latency of {check.Check.Key()} {check.Target} over {Words.Count(days, "day", "days")}";
        var withData = points.Where(point => point.P95 is not null).ToList();
        if (withData.Count == 0)
        {
            return $"{name}: nothing recorded";
        }

        var failed = points.Sum(point => point.Failed);
        return $"{name}: p50 {Words.Latency(withData[^1].P50)}, p95 {Words.Latency(withData[^1].P95)} now; p95 from {Words.Latency(withData.Min(point => point.P95))} "
            + $"to {Words.Latency(withData.Max(point => point.P95))}; timeout {Words.Latency(report.TimeoutMs)}; {Words.Count(failed, "failure", "failures")}";
    }

    /// <summary>From times and milliseconds to places.</summary>
    private sealed record Scale(DateTimeOffset Start, DateTimeOffset End, double Highest)
    {
        public int X(DateTimeOffset time) => (int)Math.Round((time - Start) / (End - Start) * Width);

        public int Y(double milliseconds) => (int)Math.Round(
            Height - (Math.Log(Math.Clamp(milliseconds, Lowest, Highest) / Lowest) / Math.Log(Highest / Lowest) * Height));
    }
}
