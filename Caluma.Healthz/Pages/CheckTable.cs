using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// The table with a row for each check and target: failing ones first, then those with an alert, then the rest in the order of the
/// report.
/// </summary>
internal static class CheckTable
{
    /// <summary>
    /// Above this number of rows each row is simpler, so that a page of 50 targets on their worst days stays below 200 KB.
    /// </summary>
    public const int MaxDetailed = 48;

    /// <summary>The maximum of days with links in all strips of a page.</summary>
    private const int MaxDayLinks = 240;

    private const int MaxTableColumns = 8;

    public static Section Draw(PageContext context)
    {
        var all = InOrder(context.Report).ToList();
        var shown = context.Query.OnlyFailing ? all.FindAll(check => check.Ok is false) : all;
        var alerts = WithAlert(context.Report);
        bool IsNews(SeriesTrend check) => check.Ok is false || alerts.Contains((check.Check, check.Target));
        var (first, rest) = shown.Count > MaxDetailed ? (shown.FindAll(IsNews), shown.FindAll(check => !IsNews(check))) : (shown, []);
        int? links = shown.Count is > 0 and <= MaxDetailed ? MaxDayLinks / shown.Count : null;
        Html? Rows(List<SeriesTrend> checks) => checks.Count == 0
            ? null
            : Table(context, checks.Select(check => Row(context, check, alerts.Contains((check.Check, check.Target)), links)));

        var folded = rest.Count == 0
            ? null
            : Html.Of($"""
                <details class="fold"><summary>Show {Words.Count(rest.Count, "check that passes", "checks that pass")}</summary>
                {Rows(rest)}</details>
                """);
        var nothing = shown.Count == 0 ? Html.Of($"<p>No check fails.</p>") : null;
        var head = Html.Of($"{Views(context, all)}{Legend(context)}");
        return Section.Of("checks", "Checks", Html.Of($"{head}{nothing}{Rows(first)}{folded}{DayTable(context, shown)}"));
    }

    private static Html Table(PageContext context, IEnumerable<Html> rows) => Html.Of($"""
        <table class="checks" aria-labelledby="checks"><thead><tr><th scope="col">Check</th>
        <th scope="col">p50 <small>last hour</small></th><th scope="col">p95 <small>last hour</small></th>
        <th scope="col">Passed <small>1 day</small></th><th scope="col">Passed <small>7 days</small></th>
        <th scope="col">Passed <small>30 days</small></th>
        <th scope="col">Budget left <small>30 days</small></th>
        <th scope="col">Last {DashboardPage.StripDays} days {DayStrip.MonthNames(context.Today, DashboardPage.StripDays)}</th></tr></thead>
        <tbody>{Html.Join(rows)}</tbody></table>
        """);

    /// <summary>Failing checks, then those with an alert, then the rest.</summary>
    public static IEnumerable<SeriesTrend> InOrder(TrendReport report)
    {
        var alerts = WithAlert(report);
        return report.Checks.OrderBy(check => check.Ok is false ? 0 : alerts.Contains((check.Check, check.Target)) ? 1 : 2);
    }

    /// <summary>The legend of the strips.</summary>
    public static Html Legend(PageContext context) => Html.Of($"""
        <ul class="legend" aria-label="Legend of the days">{Html.Join(Entries(context.Report.Slo).Select(entry =>
            Html.Of($"<li>{DayStrip.Sample(entry.Shape)}{entry.Text}</li>")))}</ul>
        """);

    private static IEnumerable<(DayShape Shape, string Text)> Entries(double slo) =>
    [
        (DayShape.Good, "all passed"),
        (DayShape.Blip, string.Create(CultureInfo.InvariantCulture, $"some failed, within the objective of {slo} %")),
        (DayShape.Failing1, "objective missed, few failed"),
        (DayShape.Failing3, "many failed"),
        (DayShape.Failing4, "most failed"),
        (DayShape.Maintenance, "maintenance, not counted"),
        (DayShape.Missing, "not recorded"),
    ];

    private static HashSet<(Check?, string?)> WithAlert(TrendReport report) =>
        [.. report.Alerts.Select(alert => (alert.Check, alert.Target))];

    private static Html? Views(PageContext context, List<SeriesTrend> all)
    {
        var failing = all.Count(check => check.Ok is false);
        if (failing == 0 && !context.Query.OnlyFailing)
        {
            return null;
        }

        Html View(bool onlyFailing, string text) =>
            Layout.View(context.Query, context.Query with { OnlyFailing = onlyFailing }, anchor: "", text);

        var views = Html.Of($"{View(false, $"All {all.Count}")}{View(true, $"Failing {failing}")}");
        return Html.Of($"<ul class=\"views\" aria-label=\"Which checks are shown\">{views}</ul>\n");
    }

    /// <remarks>HTML needs no end tags here, and 50 targets have a thousand cells.</remarks>
    private static Html Row(PageContext context, SeriesTrend check, bool hasAlert, int? links)
    {
        var (hour, week) = (check.Window("1h"), check.Window("7d"));
        Html Passed(string window) => Html.Of($"<td>{Words.Percent(Coverage.ForDisplay(check, window, context.Now).Availability)}");
        var latency = Html.Of($"<td>{Compared(hour, hour.P50, week.P50)}<td>{Compared(hour, hour.P95, week.P95)}");
        var passed = Html.Of($"{Passed("1d")}{Passed("7d")}{Passed("30d")}");
        var budget = Budget(context, check, hasBar: links is not null);
        var strip = DayStrip.Draw(context, check, DashboardPage.StripDays, links);
        return Html.Of($"""
            <tr><th scope="row">{State(context, check, hasAlert)}{latency}{passed}<td>{budget}<td>{strip}

            """);
    }

    private static Html State(PageContext context, SeriesTrend check, bool hasAlert)
    {
        var since = check.Since is { } start ? Html.Of($" since {context.Moment(start)}") : null;
        var (tone, verdict) = check.Ok switch
        {
            true => (hasAlert ? Tone.Warning : Tone.Good, Html.Of($"passing{since}{(hasAlert ? ", alert open" : "")}")),
            false => (Tone.Bad, Html.Of($"<b class=\"bad-text\">failing: {check.Reason?.Code()}</b>{since}")),
            null => (Tone.Unknown, Html.Of($"no verdict")),
        };

        // A check that passed before, and has no current verdict, must not look green.
        var (shown, when) = (context.Report.Stale, check.Ok) switch
        {
            (true, not null) => (tone == Tone.Bad ? tone : Tone.Unknown, "last seen "),
            (_, not null) when Verdict.IsInMaintenance(check) => (Tone.Maintenance, "in maintenance; before that "),
            _ => (tone, ""),
        };
        return Html.Of($"{Mark.Of(shown)}{context.Link(check.Check, check.Target)}<p>{when}{verdict}");
    }

    /// <summary>
    /// The current p95, and below it that of the week. An arrow marks a large difference, unless a single slow run may have made it.
    /// </summary>
    private static Html Compared(WindowTrend recent, double? now, double? week)
    {
        var isSlow = now > week * 1.5 && now > week + 5 && recent.Runs - recent.Failed >= Coverage.MinPasses;
        var text = isSlow ? Html.Of($"<b class=\"warn-text\">▲ {Words.Latency(now)}</b>") : Html.Of($"{Words.Latency(now)}");
        return Html.Of($"{text}<p>week {Words.Latency(week)}");
    }

    private static Html Budget(PageContext context, SeriesTrend check, bool hasBar)
    {
        if (Coverage.ForDisplay(check, "30d", context.Now).BudgetLeft is not { } left)
        {
            return Html.Of($"–");
        }

        var tone = left < 0.25 ? Tone.Bad : left < 0.5 ? Tone.Warning : Tone.Good;
        var text = left < 0
            ? Html.Of($"<b class=\"bad-text\">none</b><p>overspent by {Words.Percent(-100 * left)}")
            : Html.Of($"{Words.Percent(100 * left)}");
        var burn = check.Window("1h") is { BurnRate: > 1 and var rate } hour && hour.Failed > 0
            ? Html.Of($"<p>burning {rate.ToString("#,0.#", CultureInfo.InvariantCulture)}x too fast (1 h)")
            : null;
        var bar = hasBar
            ? Html.Of($"""
                <svg class="budget" aria-hidden="true"><rect class="{Mark.Name(tone)}" width="{100 * Math.Clamp(left, 0, 1)}%"/></svg>
                """)
            : null;
        return Html.Of($"{text}{bar}{burn}");
    }

    /// <summary>All days as numbers, for pages with few checks.</summary>
    private static Html? DayTable(PageContext context, List<SeriesTrend> shown)
    {
        if (shown.Count is 0 or > MaxTableColumns)
        {
            return null;
        }

        var headings = shown.Select(check => Html.Of($"<th scope=\"col\">{context.Name(check)}"));
        var days = shown.SelectMany(check => check.Days.Select(day => day.Start)).Distinct().OrderDescending().Select(day => Html.Of(
            $"<tr><th scope=\"row\">{PageContext.Day(day)}{Html.Join(shown.Select(check => Cell(context, check, day)))}\n"));
        return Html.Of($"""
            <details><summary>Passed by days, as a table</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Passed by days"><table class="periods">
            <thead><tr><th scope="col">Day{Html.Join(headings)}</tr></thead>
            <tbody>{Html.Join(days)}</tbody></table></div></details>
            """);
    }

    private static Html Cell(PageContext context, SeriesTrend check, DateTimeOffset start)
    {
        if (check.Days.FirstOrDefault(day => day.Start == start) is not { Runs: > 0 } day)
        {
            return Html.Of($"<td>–");
        }

        var passed = Words.Percent(100.0 * (day.Runs - day.Failed) / day.Runs);
        return day.Failed == 0 ? Html.Of($"<td>{passed}") : Html.Of($"<td>{DayStrip.Link(context, check, day, Html.Of($"{passed}"))}");
    }
}
