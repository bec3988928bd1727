using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws p50 and p95 over time, the timeout and the forecast. The scale is logarithmic and reaches up to the timeout, so that the distance
/// to it is visible and noise far below it looks small. A text says the same.
/// </summary>
internal static class LatencyChart
{
    private const int MaxPoints = 180;

    /// <summary>The size of the drawing, which the style stretches to the available space.</summary>
    private const int Height = 200;

    /// <summary>The height of the bands for failures, maintenance and missing runs: below the lines.</summary>
    private const int BandY = 190;

    /// <summary>The height of the drawing in percent; the dates have the rest.</summary>
    private const int Share = 86;

    private static readonly TimeSpan[] _steps =
        [TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(14)];

    /// <param name="context">The context of the page.</param>
    /// <param name="check">The check.</param>
    public static Html Draw(PageContext context, SeriesTrend check)
    {
        var (report, query) = (context.Report, context.Query);
        var forecast = check.Forecast is { DaysToTimeout: < Summary.MaxForecastDays } near ? near : null;
        var start = report.Now - TimeSpan.FromDays(query.Days);
        var points = Points(check, start, query.Days);
        var ahead = forecast is null || query.HasAutoScale
            ? TimeSpan.Zero
            : TimeSpan.FromDays(Math.Min(query.Days, Math.Ceiling(forecast.DaysToTimeout!.Value)));
        var scale = query.HasAutoScale
            ? LatencyScale.Fitting(points, start, report.Now, ahead)
            : LatencyScale.UpTo(report.TimeoutMs, points, start, report.Now, ahead);
        var timeout = report.TimeoutMs <= scale.MaxMs
            ? Html.Of($"""<path class="timeout" d="M0 {scale.Y(report.TimeoutMs)}h{LatencyScale.Width}"/>""")
            : null;
        var description = Html.Of($"{Describe(points)}{Forecast(check.Forecast, forecast, report.TimeoutMs)}");
        return Html.Of($"""
            <figure><figcaption><h3>{context.Name(check)}</h3>{description}</figcaption>
            <div class="chart" aria-hidden="true"><svg class="y-axis">{Values(scale, report.TimeoutMs)}</svg>
            <svg class="plot"><svg viewBox="0 0 {LatencyScale.Width} {Height}" preserveAspectRatio="none" height="{Share}%">
            {Grid(context, scale, report.TimeoutMs)}{Bands(points, scale)}{timeout}
            {Line("p50", points, point => point.P50, scale)}{Line("p95", points, point => point.P95, scale)}
            {ForecastLine(forecast, scale)}</svg>{Times(context, scale)}</svg></div>{BudgetChart.Draw(context, check)}</figure>

            """);
    }

    /// <summary>The points: hours, or for many days the worst of several hours each.</summary>
    private static List<PeriodTrend> Points(SeriesTrend check, DateTimeOffset start, int days)
    {
        var periods = (days <= 30 ? check.Hours : check.Days).Where(period => period.Start >= start).ToList();
        var last = periods.FindLastIndex(period => period.HasData);
        if (last > 0 && Passes(periods[last]) < Math.Min(Passes(periods[last - 1]), Coverage.MinPasses))
        {
            // The first run of an hour would look like a fall or a peak.
            periods[last] = periods[last] with { P50 = null, P95 = null };
        }

        var size = ((periods.Count - 1) / MaxPoints) + 1;
        return
        [
            .. periods.Chunk(size).Select(chunk => new PeriodTrend(
                chunk[0].Start,
                chunk.Sum(period => period.Runs),
                chunk.Sum(period => period.Failed),
                chunk.Sum(period => period.Excluded),
                chunk.Sum(period => period.Missing),
                chunk.Max(period => period.P50),
                chunk.Max(period => period.P95))
            {
                Reasons = ReasonCounts.Of(chunk.SelectMany(period => period.Reasons.All)),
            }),
        ];
    }

    private static int Passes(PeriodTrend period) => period.Runs - period.Failed;

    private static Html Describe(List<PeriodTrend> points)
    {
        var recorded = points.Where(point => point.P95 is not null).ToList();
        if (recorded.Count == 0)
        {
            return Html.Of($"<p>No run has passed.</p>");
        }

        var reasons = ReasonCounts.Of(points.SelectMany(point => point.Reasons.All));
        var failures = Words.Count(points.Sum(point => point.Failed), "failure", "failures") + (reasons.Count == 0 ? "" : $" ({reasons})");
        var end = $"p95 {Words.Latency(recorded[^1].P95)}, p50 {Words.Latency(recorded[^1].P50)} at the end";
        var range = $"p95 from {Words.Latency(recorded.Min(point => point.P95))} to {Words.Latency(recorded.Max(point => point.P95))}";
        return Html.Of($"<p>{end}; {range}; {failures}.</p>");
    }

    private static Html Forecast(Forecast? any, Forecast? near, double timeoutMs) => (any, near) switch
    {
        (_, not null) => Html.Of($"<p class=\"warn-text\">{Mark.Of(Tone.Warning)}{Summary.Growth(near, timeoutMs)}</p>"),
        (null, _) => Html.Of($"<p>Not enough history yet to see where it is going.</p>"),
        _ => Html.Of($"<p>Not trending towards the timeout.</p>"),
    };

    private static Html Values(LatencyScale scale, double timeoutMs)
    {
        var values = scale.Lines(timeoutMs).Select(ms => (Ms: ms, Class: (Html?)null));
        if (timeoutMs <= scale.MaxMs)
        {
            values = values.Append((Ms: timeoutMs, Class: Html.Of($" class=\"bad-text\"")));
        }

        return Html.Join(values
            .Select(value => (value.Class, Y: scale.Y(value.Ms) * Share / (double)Height, Text: Words.RoundLatency(value.Ms)))
            .Select(value => Html.Of($"""<text{value.Class} x="100%" y="{value.Y}%" dy=".3em">{value.Text}</text>""")));
    }

    private static Html Grid(PageContext context, LatencyScale scale, double timeoutMs)
    {
        var lines = new StringBuilder();
        foreach (var ms in scale.Lines(timeoutMs))
        {
            lines.Append(CultureInfo.InvariantCulture, $"M0 {scale.Y(ms)}h{LatencyScale.Width}");
        }

        foreach (var (time, _) in Ticks(context, scale))
        {
            lines.Append(CultureInfo.InvariantCulture, $"M{scale.X(time)} 0v{Height}");
        }

        var now = scale.Now < scale.End ? Html.Of($"""<path class="now" d="M{scale.X(scale.Now)} 0v{Height}"/>""") : null;
        return Html.Of($"""<path class="grid" d="{lines.ToString()}"/>{now}""");
    }

    private static Html Times(PageContext context, LatencyScale scale)
    {
        var now = scale.X(scale.Now);
        var ticks = Ticks(context, scale)
            .Where(tick => scale.X(tick.Time) is > 30 and < 970 and var x && Math.Abs(x - now) > 90)
            .Select(tick => Html.Of($"""<text x="{scale.X(tick.Time) / 10.0}%" y="98%">{tick.Text}</text>"""));
        var end = now == LatencyScale.Width ? " last" : null;
        return Html.Of($"""{Html.Join(ticks)}<text class="now{end}" x="{now / 10.0}%" y="98%">now</text>""");
    }

    /// <summary>The ticks of the time axis in the reader's time zone: midnights, or longer steps.</summary>
    private static IEnumerable<(DateTimeOffset Time, string Text)> Ticks(PageContext context, LatencyScale scale)
    {
        var step = Array.Find(_steps, step => (scale.End - scale.Start) / step <= 8.5);
        var (start, end) = (context.Local(scale.Start), context.Local(scale.End));
        for (var time = Timeline.Floor(start, step) + step; time < end; time += step)
        {
            // The change to or from summer time may move it by an hour.
            yield return (scale.Start + (time - start), time.TimeOfDay == TimeSpan.Zero ? Words.Day(time)[5..] : Words.Time(time)[11..]);
        }
    }

    /// <summary>The bands at the foot: failed runs, runs during maintenance, and missing runs.</summary>
    private static Html Bands(List<PeriodTrend> points, LatencyScale scale) => Html.Join(
    [
        Band("failed", points, point => point.Failed > 0, scale),
        Band("excluded", points, point => point is { Failed: 0, Runs: 0, Excluded: > 0 }, scale),
        Band("missing", points, point => !point.HasData && point.Missing > 0, scale),
    ]);

    private static Html? Band(string name, List<PeriodTrend> points, Func<PeriodTrend, bool> isOne, LatencyScale scale)
    {
        var bands = new StringBuilder();
        for (var first = 0; first < points.Count; first++)
        {
            if (!isOne(points[first]))
            {
                continue;
            }

            var next = first + 1;
            while (next < points.Count && isOne(points[next]))
            {
                next++;
            }

            var (from, to) = (scale.X(points[first].Start), scale.X(next < points.Count ? points[next].Start : scale.Now));
            bands.Append(CultureInfo.InvariantCulture, $"M{from} {BandY}h{Math.Max(to - from, 3)}");
            first = next;
        }

        return bands.Length == 0 ? null : Html.Of($"""<path class="{name}" d="{bands.ToString()}"/>""");
    }

    /// <summary>Relative coordinates take the fewest characters.</summary>
    private static Html Line(string name, List<PeriodTrend> points, Func<PeriodTrend, double?> value, LatencyScale scale)
    {
        var line = new StringBuilder();
        (int X, int Y)? last = null;
        foreach (var point in points)
        {
            (int X, int Y)? next = value(point) is { } milliseconds ? (scale.X(point.Start), scale.Y(milliseconds)) : null;
            if (next is var (x, y))
            {
                // A line of length zero shows a point without neighbours by its round cap.
                line.Append(last is var (lastX, lastY) ? $" {x - lastX} {y - lastY}" : $"M{x} {y}l0 0");
            }

            last = next;
        }

        return Html.Of($"""<path class="{name}" d="{line.ToString()}"/>""");
    }

    /// <summary>The line through the last 7 days, extended to the timeout.</summary>
    private static Html? ForecastLine(Forecast? forecast, LatencyScale scale)
    {
        if (forecast is null)
        {
            return null;
        }

        var line = new StringBuilder();
        var first = scale.Now - TimeSpan.FromDays(7) is var week && week > scale.Start ? week : scale.Start;
        for (var part = 0; part <= 12; part++)
        {
            var time = first + (part / 12.0 * (scale.End - first));
            var milliseconds = forecast.NowMs + (forecast.MsPerDay * (time - scale.Now).TotalDays);
            if (milliseconds > scale.MinMs && milliseconds < scale.MaxMs)
            {
                line.Append(CultureInfo.InvariantCulture, $"{(line.Length == 0 ? 'M' : ' ')}{scale.X(time)} {scale.Y(milliseconds)}");
            }
        }

        return Html.Of($"""<path class="forecast" d="{line.ToString()}"/>""");
    }
}
