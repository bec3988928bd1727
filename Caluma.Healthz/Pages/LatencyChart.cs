using System.Globalization;
using System.Text;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// p50 and p95 over time, the timeout, and where they are going. The scale is logarithmic and reaches up to the timeout in each chart, so that
/// the distance to it can be seen, and noise far below it does not look like news. What is drawn is also said in words.
/// </summary>
internal static class LatencyChart
{
    private const int MostPoints = 180;

    /// <summary>Of the drawing; the style stretches it to the space there is.</summary>
    private const int Width = 1000;

    private const int Height = 200;

    /// <summary>Where the failures are drawn, below the lines.</summary>
    private const int FootY = 190;

    /// <summary>What of the height the drawing has, in percent; the dates have the rest.</summary>
    private const int Share = 86;

    private static readonly TimeSpan[] _steps = [TimeSpan.FromHours(6), TimeSpan.FromDays(1), TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(14)];

    /// <param name="check">What it is about.</param>
    /// <param name="report">The report it is of.</param>
    /// <param name="days">How many days to show.</param>
    public static Html Draw(SeriesTrend check, TrendReport report, int days)
    {
        var forecast = check.Forecast is { DaysToTimeout: < Summary.MostForecastDays } near ? near : null;
        var start = report.Now - TimeSpan.FromDays(days);
        var points = Points(check, start, days);
        var scale = Scale.For(points, start, report.Now, report.TimeoutMs, TimeSpan.FromDays(forecast is null ? 0 : Math.Min(days, Math.Ceiling(forecast.DaysToTimeout!.Value))));
        return Html.Of($"""
            <figure><figcaption><h3>{Parts.Name(check)}</h3>{Say(points)}{Forecast(check.Forecast, forecast, report.TimeoutMs)}</figcaption><div class="chart" aria-hidden="true"><svg class="y-axis">{Values(scale)}</svg><svg class="plot"><svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" height="{Share}%">{Grid(scale)}{Foots(points, scale)}<path class="timeout" d="M0 {scale.Y(scale.TimeoutMs)}h{Width}"/>{Line("p50", points, point => point.P50, scale)}{Line("p95", points, point => point.P95, scale)}{ForecastLine(forecast, scale)}</svg>{Times(scale)}</svg></div></figure>

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

    private static Html Say(List<PeriodTrend> points)
    {
        var recorded = points.Where(point => point.P95 is not null).ToList();
        if (recorded.Count == 0)
        {
            return Html.Of($"<p>No run has passed.</p>");
        }

        var failures = Words.Count(points.Sum(point => point.Failed), "failure", "failures");
        return Html.Of(
            $"<p>p95 {Words.Latency(recorded[^1].P95)}, p50 {Words.Latency(recorded[^1].P50)} at the end; p95 from {Words.Latency(recorded.Min(point => point.P95))} to {Words.Latency(recorded.Max(point => point.P95))}; {failures}.</p>");
    }

    private static Html Forecast(Forecast? any, Forecast? near, double timeoutMs) => (any, near) switch
    {
        (_, not null) => Html.Of($"<p class=\"warn-text\">{Mark.Of(Tone.Warning)}{Summary.Growth(near, timeoutMs)}</p>"),
        (null, _) => Html.Of($"<p>Too little is recorded to see where it is going.</p>"),
        _ => Html.Of($"<p>Not on its way to the timeout.</p>"),
    };

    private static Html Values(Scale scale)
    {
        var values = scale.Decades().Select(ms => (Ms: ms, Class: (Html?)null)).Append((Ms: scale.TimeoutMs, Class: Html.Of($" class=\"bad-text\"")));
        return Html.Join(values.Select(value => Html.Of(
            $"""<text{value.Class} x="100%" y="{scale.Y(value.Ms) * Share / (double)Height}%" dy=".3em">{Words.RoundLatency(value.Ms)}</text>""")));
    }

    private static Html Grid(Scale scale)
    {
        var lines = new StringBuilder();
        foreach (var ms in scale.Decades())
        {
            lines.Append(CultureInfo.InvariantCulture, $"M0 {scale.Y(ms)}h{Width}");
        }

        foreach (var (time, _) in Ticks(scale))
        {
            lines.Append(CultureInfo.InvariantCulture, $"M{scale.X(time)} 0v{Height}");
        }

        var now = scale.Now < scale.End ? Html.Of($"""<path class="now" d="M{scale.X(scale.Now)} 0v{Height}"/>""") : null;
        return Html.Of($"""<path class="grid" d="{lines.ToString()}"/>{now}""");
    }

    private static Html Times(Scale scale)
    {
        var now = scale.X(scale.Now);
        var ticks = Ticks(scale).Where(tick => scale.X(tick.Time) is > 30 and < 970 and var x && Math.Abs(x - now) > 90);
        return Html.Of(
            $"""{Html.Join(ticks.Select(tick => Html.Of($"""<text x="{scale.X(tick.Time) / 10.0}%" y="98%">{tick.Text}</text>""")))}<text class="now{(now == Width ? " last" : null)}" x="{now / 10.0}%" y="98%">now</text>""");
    }

    /// <summary>Midnights, or what divides the time in as few parts; UTC.</summary>
    private static IEnumerable<(DateTimeOffset Time, string Text)> Ticks(Scale scale)
    {
        var step = Array.Find(_steps, step => (scale.End - scale.Start) / step <= 8.5);
        for (var time = Timeline.Floor(scale.Start, step) + step; time < scale.End; time += step)
        {
            yield return (time, time.TimeOfDay == TimeSpan.Zero ? Words.Day(time)[5..] : Words.Time(time)[11..]);
        }
    }

    /// <summary>Where runs failed, were made during maintenance, or are missing: three kinds of bands at the foot.</summary>
    private static Html Foots(List<PeriodTrend> points, Scale scale) => Html.Join(
    [
        Foot("failed", points, point => point.Failed > 0, scale),
        Foot("excluded", points, point => point is { Failed: 0, Runs: 0, Excluded: > 0 }, scale),
        Foot("missing", points, point => !point.HasData && point.Missing > 0, scale),
    ]);

    private static Html? Foot(string name, List<PeriodTrend> points, Func<PeriodTrend, bool> isOne, Scale scale)
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
            bands.Append(CultureInfo.InvariantCulture, $"M{from} {FootY}h{Math.Max(to - from, 3)}");
            first = next;
        }

        return bands.Length == 0 ? null : Html.Of($"""<path class="{name}" d="{bands.ToString()}"/>""");
    }

    /// <summary>Each point is told by how far it is from the one before it, which takes the fewest characters.</summary>
    private static Html Line(string name, List<PeriodTrend> points, Func<PeriodTrend, double?> value, Scale scale)
    {
        var line = new StringBuilder();
        (int X, int Y)? last = null;
        foreach (var point in points)
        {
            (int X, int Y)? next = value(point) is { } milliseconds ? (scale.X(point.Start), scale.Y(milliseconds)) : null;
            if (next is var (x, y))
            {
                // A first point goes nowhere, so that its round cap shows one that has no neighbours.
                line.Append(last is var (lastX, lastY) ? $" {x - lastX} {y - lastY}" : $"M{x} {y}l0 0");
            }

            last = next;
        }

        return Html.Of($"""<path class="{name}" d="{line.ToString()}"/>""");
    }

    /// <summary>The line through the last 7 days, carried on to the timeout.</summary>
    private static Html? ForecastLine(Forecast? forecast, Scale scale)
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
            if (milliseconds > scale.LowestMs && milliseconds < scale.HighestMs)
            {
                line.Append(CultureInfo.InvariantCulture, $"{(line.Length == 0 ? 'M' : ' ')}{scale.X(time)} {scale.Y(milliseconds)}");
            }
        }

        return Html.Of($"""<path class="forecast" d="{line.ToString()}"/>""");
    }

    /// <summary>From times and milliseconds to places.</summary>
    private sealed record Scale(DateTimeOffset Start, DateTimeOffset Now, DateTimeOffset End, double LowestMs, double TimeoutMs)
    {
        private const int LinesEnd = 182;

        public double HighestMs => TimeoutMs * 2;

        /// <summary>From the power of ten below what was measured to above the timeout.</summary>
        public static Scale For(List<PeriodTrend> points, DateTimeOffset start, DateTimeOffset now, double timeoutMs, TimeSpan ahead)
        {
            var lowest = Math.Clamp((points.Min(point => point.P50) ?? timeoutMs / 10) / 1.5, 0.1, timeoutMs / 2);
            return new Scale(start, now, now + ahead, Math.Pow(10, Math.Floor(Math.Log10(lowest))), timeoutMs);
        }

        /// <summary>Those that leave room for the timeout.</summary>
        public IEnumerable<double> Decades()
        {
            for (var ms = LowestMs; ms < TimeoutMs / 1.8; ms *= 10)
            {
                yield return ms;
            }
        }

        public int X(DateTimeOffset time) => (int)Math.Round((time - Start) / (End - Start) * Width);

        public int Y(double milliseconds) => (int)Math.Round(
            LinesEnd - (Math.Log(Math.Clamp(milliseconds, LowestMs, HighestMs) / LowestMs) / Math.Log(HighestMs / LowestMs) * LinesEnd));
    }
}
