using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The page for people: what is true now, what failed when, and whether it is getting worse.</summary>
internal static class DashboardPage
{
    /// <summary>How many days the strips show, and the report must have.</summary>
    public const int StripDays = 90;

    private static readonly Html _style = Html.Raw(DashboardStyle.Css);

    /// <param name="all">What is known.</param>
    /// <param name="days">How many days the latency charts show.</param>
    /// <param name="target">The only target to show; null for all.</param>
    public static string Render(TrendReport all, int days, string? target)
    {
        var report = target is null ? all : Of(all, target);
        if (target is not null && report.Checks.Count == 0 && all.Checks.Count > 0)
        {
            var targets = all.Checks.Select(check => check.Target).Distinct().Order(StringComparer.Ordinal).Select(other => Html.Of($"<li><bdi>{other}</bdi></li>"));
            return Page(report, "No such target", Tone.Unknown, Html.Of($"<p>None is called <bdi>{target}</bdi>. There are:</p><ul>{Html.Join(targets)}</ul>"), null, null);
        }

        var verdict = Verdict.Of(report);
        return Page(
            report,
            verdict.Text,
            verdict.Tone,
            Summary.Of(report, verdict),
            report.Newest is null ? null : Html.Of($"<nav aria-label=\"On this page\"><ul><li><a href=\"#alerts\">Open alerts</a></li><li><a href=\"#checks\">Checks</a></li><li><a href=\"#past\">Past alerts</a></li><li><a href=\"#latency\">Latency</a></li><li><a href=\"#words\">Terms</a></li></ul></nav>"),
            report.Newest is null ? null : Html.Of($"{AlertSections.Open(report)}{CheckTable.Draw(report)}{AlertSections.Past(report)}{LatencyCharts.Draw(report, days)}{Glossary(report)}"));
    }

    /// <summary>What a report says of one target.</summary>
    private static TrendReport Of(TrendReport report, string target) => report with
    {
        Checks = [.. report.Checks.Where(check => check.Target == target)],
        Alerts = [.. report.Alerts.Where(alert => alert.Target is null || alert.Target == target)],
        Ended = [.. report.Ended.Where(alert => alert.Target is null || alert.Target == target)],
    };

    private static string Page(TrendReport report, string verdict, Tone tone, Html summary, Html? navigation, Html? sections) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex">
        {Mark.Icon(tone)}
        <title>{verdict} · Caluma health</title>
        <style>{_style}</style>
        </head>
        <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
        <svg class="definitions" aria-hidden="true">{Mark.Definitions}{DayStrip.Definitions}</svg>
        <div class="top"><h1>Caluma health</h1>{navigation}</div>
        </header>
        <main id="main" tabindex="-1">
        <section class="verdict {Mark.Name(tone)}-edge" aria-labelledby="verdict"><h2 id="verdict">{Mark.Of(tone)}{verdict}</h2>{AsOf(report)}{summary}</section>
        {sections}
        </main>
        <footer>
        <p>This page was made at {Parts.Moment(report.Now)} from the history alone: opening it runs no check, and it does not change by itself. Reload it for what is new.</p>
        <p>For other views, add to the address: <code>&amp;days=1</code>, <code>7</code>, <code>30</code> or <code>90</code> for the charts, <code>&amp;target=</code> and an alias for one target alone. For programs: <code>/healthz/trend</code> and <code>/healthz/history</code>.</p>
        </footer>
        </body>
        </html>
        """).ToString();

    private static Html AsOf(TrendReport report) => report.Newest is not { } newest
        ? Html.Of($"<p class=\"as-of\">All times are UTC (UTC+00:00).</p>")
        : Html.Of($"<p class=\"as-of\">As of the run of {Parts.Moment(newest)}, {Words.Length(report.Now > newest ? report.Now - newest : TimeSpan.Zero)} ago. All times are UTC (UTC+00:00).</p>");

    private static Html Glossary(TrendReport report) => Html.Of($"""
        <section aria-labelledby="words"><h2 id="words">Terms</h2>
        <dl class="words"><div><dt>p50 and p95</dt><dd>Half, and 95 of 100, of the runs that passed took no longer than this.</dd></div><div><dt>Objective</dt><dd>{report.Slo} % of the runs of each check on each target are to pass. Runs during maintenance do not count.</dd></div><div><dt>Error budget</dt><dd>The other {100 - report.Slo} % of the runs of 30 days, which may fail. A check that fails 2 times as often as it may has used it up after 15 days.</dd></div></dl>
        </section>
        """);
}
