using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>A row for each check and target: what fails first, then what has an alert, then the rest in the order of the report.</summary>
internal static class CheckTable
{
    public static Html Draw(TrendReport report)
    {
        var today = new DateTimeOffset(report.Now.UtcDateTime.Date, TimeSpan.Zero);
        var alerts = WithAlert(report);
        var rows = InOrder(report).Select(check => Row(check, alerts.Contains((check.Check, check.Target)), report.Slo, today));
        return Html.Of($"""
            <section aria-labelledby="checks"><h2 id="checks">Checks</h2>
            <ul class="legend" aria-label="What the days look like">{Html.Join(Legend(report.Slo).Select(entry => Html.Of($"<li>{DayStrip.Sample(entry.State)}{entry.Text}</li>")))}</ul>
            <table class="checks" aria-labelledby="checks"><thead><tr><th scope="col">Check</th><th scope="col">p50 <small>last hour</small></th><th scope="col">p95 <small>last hour</small></th><th scope="col">Passed <small>1 day</small></th><th scope="col">Passed <small>7 days</small></th><th scope="col">Passed <small>30 days</small></th><th scope="col">Budget left <small>30 days</small></th><th scope="col">Last {DashboardPage.StripDays} days <small class="ends"><span>from {Words.Day(today.AddDays(1 - DashboardPage.StripDays))}</span><span>to today</span></small></th></tr></thead>
            <tbody>{Html.Join(rows)}</tbody></table>
            </section>
            """);
    }

    /// <summary>What fails, then what has an alert, then the rest.</summary>
    public static IEnumerable<SeriesTrend> InOrder(TrendReport report)
    {
        var alerts = WithAlert(report);
        return report.Checks.OrderBy(check => check.Ok is false ? 0 : alerts.Contains((check.Check, check.Target)) ? 1 : 2);
    }

    private static HashSet<(Check?, string?)> WithAlert(TrendReport report) => [.. report.Alerts.Select(alert => (alert.Check, alert.Target))];

    private static IEnumerable<(DayState State, string Text)> Legend(double slo) =>
    [
        (DayState.Good, "all passed"),
        (DayState.Blip, string.Create(CultureInfo.InvariantCulture, $"some failed, within the objective of {slo} %")),
        (DayState.Failing, "failing: the objective was missed"),
        (DayState.Maintenance, "maintenance, not counted"),
        (DayState.Missing, "not recorded"),
    ];

    /// <remarks>HTML needs no end tags here, and 50 targets have a thousand cells.</remarks>
    private static Html Row(SeriesTrend check, bool hasAlert, double slo, DateTimeOffset today)
    {
        var (tone, verdict) = check.Ok switch
        {
            true when hasAlert => (Tone.Warning, Html.Of($"passes, with an alert,")),
            true => (Tone.Good, Html.Of($"passes")),
            false => (Tone.Bad, Html.Of($"<b class=\"bad-text\">fails: {check.Reason?.Code()}</b>")),
            null => (Tone.Unknown, Html.Of($"no verdict")),
        };
        var (hour, week, month) = (check.Window("1h"), check.Window("7d"), check.Window("30d"));
        var since = check.Since is { } start ? Html.Of($" since {Words.Time(start)}") : null;
        return Html.Of($"""
            <tr><th scope="row">{Mark.Of(tone)}{Parts.Name(check)}<p>{verdict}{since}<td>{Compared(hour.P50, week.P50)}<td>{Compared(hour.P95, week.P95)}<td>{Words.Percent(check.Window("1d").Availability)}<td>{Words.Percent(week.Availability)}<td>{Words.Percent(month.Availability)}<td>{Budget(month, hour)}<td>{DayStrip.Draw(check.Days, DashboardPage.StripDays, today, slo)}

            """);
    }

    /// <summary>Now above the week, with an arrow where the difference is one that people should know of.</summary>
    private static Html Compared(double? now, double? week) => Html.Of(
        $"{(now > week * 1.5 && now > week + 5 ? Html.Of($"<b class=\"warn-text\">▲ {Words.Latency(now)}</b>") : Html.Of($"{Words.Latency(now)}"))}<p>week {Words.Latency(week)}");

    private static Html Budget(WindowTrend month, WindowTrend hour)
    {
        if (month.BudgetLeft is not { } left)
        {
            return Html.Of($"–");
        }

        var tone = left < 0.25 ? Tone.Bad : left < 0.5 ? Tone.Warning : Tone.Good;
        var text = left < 0 ? Html.Of($"<b class=\"bad-text\">none</b><p>overspent by {Words.Percent(-100 * left)}") : Html.Of($"{Words.Percent(100 * left)}");
        var burn = hour.BurnRate is > 1 and var rate ? Html.Of($"<p>fails {rate.ToString("#,0.#", CultureInfo.InvariantCulture)} times as often as it may") : null;
        return Html.Of(
            $"""{text}<svg class="budget" aria-hidden="true"><rect class="{Mark.Name(tone)}" width="{100 * Math.Clamp(left, 0, 1)}%"/></svg>{burn}""");
    }
}
