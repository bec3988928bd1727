using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The page for people: what is true now, what failed when, and whether it is getting worse.</summary>
/// <param name="report">What is known.</param>
/// <param name="days">How many days the latency charts show.</param>
/// <param name="target">The only target to show; null for all.</param>
internal sealed class DashboardPage(TrendReport report, int days, string? target)
{
    /// <summary>How many days the strips show, and the report must have.</summary>
    public const int StripDays = 90;

    /// <summary>More charts than these make the page long and heavy; what has an alert comes first.</summary>
    private const int MostCharts = 12;

    private const int MostEnded = 12;

    private readonly IReadOnlyList<SeriesTrend> _checks = [.. report.Checks.Where(check => target is null || check.Target == target)];

    public string Render()
    {
        var (verdict, tone, detail) = Verdict();
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <link rel="icon" href="data:,">
            <title>{verdict} · Caluma health</title>
            <style>{Style}</style>
            </head>
            <body>
            <a class="skip" href="#checks">Skip to the checks</a>
            <header>
            <h1>Caluma health</h1>
            <div class="verdict {tone}" role="status"><p>{Mark(tone)}{verdict}</p>{detail}</div>
            {Notice()}
            <nav aria-label="On this page"><ul><li><a href="#alerts">Alerts</a></li><li><a href="#checks">Checks</a></li><li><a href="#latency">Latency</a></li><li><a href="#ended">Past alerts</a></li></ul></nav>
            </header>
            <main>
            {Alerts()}
            {Checks()}
            {Latency()}
            {Ended()}
            </main>
            <footer>
            <p>All times are UTC (UTC+00:00). This page was made at {Moment(report.Now)} from the history alone: opening it runs no check. Reload it for what is new.</p>
            <p>Another view: add <code>days=1</code>, <code>7</code>, <code>30</code> or <code>90</code> to the address for the latency charts, and <code>target=</code> with an alias for one target alone. For machines: <code>/healthz/trend</code> and <code>/healthz/history</code>.</p>
            </footer>
            </body>
            </html>
            """).ToString();
    }

    private static Html Style { get; } = Html.Raw(DashboardStyle.Css);

    private (string Verdict, string Tone, Html Detail) Verdict()
    {
        if (report.Newest is not { } newest)
        {
            return ("Nothing recorded yet", "none", Html.Of($"<p class=\"quiet\">The first run is recorded with the next tick of the schedule <code>{report.Schedule}</code>.</p>"));
        }

        if (_checks.Count == 0)
        {
            return ($"No target is called {target}", "none", Html.Of($"<p class=\"quiet\">There are: {string.Join(", ", report.Checks.Select(check => check.Target).Distinct())}.</p>"));
        }

        var failing = _checks.Where(check => check.Ok is false).ToList();
        var age = report.Now - newest;
        var formed = Html.Of($"<p class=\"quiet\">As of {Moment(newest)}, {Words.Length(age < TimeSpan.Zero ? TimeSpan.Zero : age)} ago. {Words.Count(_checks.Count, "check", "checks")}, objective {report.Slo} % each.</p>");
        if (failing.Count > 0)
        {
            var names = Html.Join(failing.Take(5).Select(check => Html.Of($"<p>{Name(check)}: <strong>{check.Reason?.Code()}</strong> for {Words.Length(newest - check.Since!.Value)}, since {Moment(check.Since.Value)}</p>")));
            var more = failing.Count > 5 ? Html.Of($"<p>and {Words.Count(failing.Count - 5, "more", "more")}</p>") : null;
            return (Words.Count(failing.Count, "check is failing", "checks are failing"), "bad", Html.Of($"{names}{more}{formed}"));
        }

        return report.Alerts.Count > 0
            ? ("All checks pass, with warnings", "warn", formed)
            : ("All checks pass", report.Stale ? "none" : "ok", formed);
    }

    private Html? Notice() => report is { Stale: true, Newest: { } newest }
        ? Html.Of($"<p class=\"notice\" role=\"alert\">Nothing has been recorded for {Words.Length(report.Now - newest)}. What is below is that old: see whether the recorder runs, and whether it can write its history.</p>")
        : null;

    private Html Alerts() => Html.Of($"""
        <section aria-labelledby="alerts"><h2 id="alerts">Alerts</h2>
        {(report.Alerts.Count == 0 ? Html.Of($"<p>No alert is open.</p>") : Html.Of($"<ul class=\"alerts\">{Html.Join(report.Alerts.Select(Open))}</ul>"))}
        </section>
        """);

    private Html Open(Alert alert) => Html.Of($"""
        <li class="{alert.Severity.Name()}">{Mark(alert.Severity == Severity.Critical ? "bad" : "warn")}<strong>{(alert.Severity == Severity.Critical ? "Critical" : "Warning")}</strong> · {Words.Rule(alert.Rule)}{About(alert)}<br><span class="quiet small">since {Moment(alert.Since)}, for {Words.Length(report.Now - alert.Since)}</span></li>
        """);

    private static Html? About(Alert alert) => alert.Check is { } check ? Html.Of($" · <strong>{check.Key()}</strong> <bdi>{alert.Target}</bdi>") : null;

    private Html Checks() => Html.Of($"""
        <section aria-labelledby="checks"><h2 id="checks">Checks</h2>
        <p class="small quiet">p50 and p95 of the last hour against the last 7 days; availability; the last {StripDays} days, today on the right.</p>
        {Html.Join(_checks.Select(Check))}
        <ul class="legend" aria-label="What the strips show">{Html.Join(Legend().Select(entry => Html.Of($"<li>{DayStrip.Sample(entry.State)}{entry.Text}</li>")))}</ul>
        </section>
        """);

    private IEnumerable<(DayState State, string Text)> Legend() =>
    [
        (DayState.Good, "a good day"),
        (DayState.Blip, string.Create(CultureInfo.InvariantCulture, $"failures, within the objective of {report.Slo} %")),
        (DayState.Failing, "failing: the objective was missed"),
        (DayState.Maintenance, "maintenance"),
        (DayState.Missing, "nothing recorded"),
    ];

    private Html Check(SeriesTrend check)
    {
        var (tone, text) = check.Ok switch
        {
            true => ("ok", "passes"),
            false => ("bad", $"fails ({check.Reason?.Code()})"),
            null => ("none", "no verdict"),
        };
        var (hour, week, month) = (check.Window("1h"), check.Window("7d"), check.Window("30d"));
        return Html.Of($"""
            <article class="check">
            <div class="name"><h3>{Mark(tone)}{check.Check.Key()} <bdi>{check.Target}</bdi></h3><p class="small"><span class="{Tone(tone)}">{text}</span>{(check.Since is { } since ? Html.Of($" <span class=\"quiet\">since {Moment(since)}</span>") : null)}</p></div>
            <dl><dt>p50</dt><dd>{Compared(hour.P50, week.P50)}</dd><dt>p95</dt><dd>{Compared(hour.P95, week.P95)}</dd></dl>
            <div><dl><dt>1 day</dt><dd>{Words.Percent(check.Window("1d").Availability)}</dd><dt>7 days</dt><dd>{Words.Percent(week.Availability)}</dd><dt>30 days</dt><dd>{Words.Percent(month.Availability)}</dd></dl></div>
            <div>{DayStrip.Draw(check.Days, StripDays, Today, report.Slo)}{Budget(month, hour)}</div>
            </article>
            """);
    }

    private DateTimeOffset Today => new(report.Now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>Now against the week: an arrow where the difference is one that people should know of.</summary>
    private static Html Compared(double? now, double? week) => Html.Of(
        $"{Words.Latency(now)} <span class=\"quiet\">(week {Words.Latency(week)})</span>{(now > week * 1.5 && now > week + 5 ? Html.Of($" <strong class=\"warn-text\">▲ slower</strong>") : null)}");

    private static Html Budget(WindowTrend month, WindowTrend hour)
    {
        if (month.BudgetLeft is not { } left)
        {
            return Html.Of($"<p class=\"small quiet\">No error budget yet</p>");
        }

        var text = left >= 0 ? $"{Words.Percent(100 * left)} of the 30-day error budget left" : $"30-day error budget overspent ({Words.Percent(-100 * left)} over)";
        var burn = hour.BurnRate is > 0 ? string.Create(CultureInfo.InvariantCulture, $", burning {hour.BurnRate:0.#} times as fast as it may") : "";
        return Html.Of($"""
            <svg class="budget" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><path class="all" d="M0 0h100v4H0z"/><path class="{(left < 0.25 ? "failing" : left < 0.5 ? "blip" : "good")}" d="M0 0h{100 * Math.Clamp(left, 0, 1)}v4H0z"/></svg><p class="small quiet">{text}{burn}</p>
            """);
    }

    private Html Latency()
    {
        var shown = _checks.OrderByDescending(check => check.Ok is false).ThenByDescending(HasAlert).Take(MostCharts).ToHashSet();
        var left = _checks.Count - shown.Count;
        return Html.Of($"""
            <section aria-labelledby="latency"><h2 id="latency">Latency, last {Words.Count(days, "day", "days")}</h2>
            <ul class="legend">{Key("p95", "p95")}{Key("p50", "p50")}{Key("timeout", $"timeout ({Words.Latency(report.TimeoutMs)})")}{Key("forecast", "trend of the last 7 days, where it grows")}<li>{DayStrip.Sample(DayState.Failing)}failures, at the foot</li></ul>
            <p class="small quiet">The scale is logarithmic, and the same in all charts.</p>
            <div class="charts">{Html.Join(_checks.Where(shown.Contains).Select(Chart))}</div>
            {(left > 0 ? Html.Of($"<p>{Words.Count(left, "chart is", "charts are")} not shown: add <code>target=</code> with an alias to the address.</p>") : null)}
            </section>
            """);
    }

    private bool HasAlert(SeriesTrend check) => report.Alerts.Any(alert => alert.Check == check.Check && alert.Target == check.Target);

    private Html Chart(SeriesTrend check) => Html.Of($"""
        <figure><figcaption><h3>{Name(check)}</h3>{Forecast(check)}</figcaption>{LatencyChart.Draw(check, report, days)}<p class="span small quiet"><span>{Words.Time(report.Now.AddDays(-days))}</span><span>now</span></p></figure>
        """);

    private static Html Forecast(SeriesTrend check) => check.Forecast switch
    {
        { DaysToTimeout: 0 } => Html.Of($"<p class=\"small warn-text\">At the timeout.</p>"),
        { DaysToTimeout: < 30 and var days, MsPerDay: var growth } =>
            Html.Of($"<p class=\"small warn-text\">Grows by {Words.Latency(growth)} a day: reaches the timeout in {Words.Length(TimeSpan.FromDays(days))}.</p>"),
        null => Html.Of($"<p class=\"small quiet\">Too little recorded for a trend.</p>"),
        _ => Html.Of($"<p class=\"small quiet\">No trend towards the timeout.</p>"),
    };

    private Html Ended() => Html.Of($"""
        <section aria-labelledby="ended"><h2 id="ended">Past alerts</h2>
        {(report.Ended.Count == 0 ? Html.Of($"<p>None.</p>") : Html.Of($"<div class=\"scroll\" role=\"region\" aria-label=\"Past alerts\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Severity</th><th scope=\"col\">Alert</th><th scope=\"col\">Check</th><th scope=\"col\">From</th><th scope=\"col\">Lasted</th></tr></thead><tbody>{Html.Join(report.Ended.Take(MostEnded).Select(Row))}</tbody></table></div>"))}
        </section>
        """);

    private static Html Row(Alert alert) => Html.Of($"""
        <tr><td>{alert.Severity.Name()}</td><td>{alert.Rule.Name()}</td><td>{(alert.Check is { } check ? Html.Of($"{check.Key()} <bdi>{alert.Target}</bdi>") : null)}</td><td>{Moment(alert.Since)}</td><td>{Words.Length(alert.Resolved!.Value - alert.Since)}</td></tr>
        """);

    private static Html Name(SeriesTrend check) => Html.Of($"{check.Check.Key()} <bdi>{check.Target}</bdi>");

    private static Html Moment(DateTimeOffset time) => Html.Of($"<time datetime=\"{Words.Machine(time)}\">{Words.Time(time)}</time>");

    private static string Tone(string tone) => tone switch
    {
        "ok" => "good-text",
        "bad" => "bad-text",
        "warn" => "warn-text",
        _ => "quiet",
    };

    /// <summary>A sign whose shape says what its colour does.</summary>
    private static Html Mark(string tone) => tone switch
    {
        "ok" => Html.Of($"""<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><circle class="good" cx="8" cy="8" r="8"/><path class="ink" d="M4.5 8.5l2.5 2.5 4.5-5.5"/></svg>"""),
        "bad" => Html.Of($"""<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path class="failing" d="M5 0h6l5 5v6l-5 5H5l-5-5V5z"/><path class="ink" d="M5 5l6 6M11 5l-6 6"/></svg>"""),
        "warn" => Html.Of($"""<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path class="warn" d="M8 0l8 15H0z"/><path class="ink" d="M8 6v4M8 12.5v.1"/></svg>"""),
        _ => Html.Of($"""<svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><circle class="none" cx="8" cy="8" r="8"/><path class="ink" d="M4.5 8h7"/></svg>"""),
    };

    private static Html Key(string name, string text) => Html.Of(
        $"""<li><svg class="key" viewBox="0 0 24 8" aria-hidden="true"><path class="{name}" d="M0 4h24"/></svg>{text}</li>""");
}
