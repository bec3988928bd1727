using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The page of one check on one target: its last 24 hours, or a day.</summary>
internal static class SeriesPage
{
    private const int HoursShown = 24;
    private const int MaxStretches = 50;

    /// <param name="context">The context of the page.</param>
    /// <param name="check">The check.</param>
    /// <param name="records">The records of the wanted day, if any.</param>
    public static string Render(PageContext context, SeriesTrend check, PageRecords records)
    {
        var days = Section.Of("days", "Days", $"Last {DashboardPage.StripDays} days", Days(context, check));
        if (context.Query.Day is { } day)
        {
            var ofDay = Periods(check, day, context, records.Runs);
            var hours = Hours(context, ofDay, $"Hours of {Words.Day(StartOf(day))}");
            return Layout.Draw(context, VerdictOf(context, check, day, ofDay), Failures(context, check, records), hours, days);
        }

        var verdict = Summary.With(context, Verdict.Of(context));
        var at = check.Ok is false ? null : context.At(check.Check, check.Target); // The verdict has the address of a failing check.
        List<Html> places = [.. new[] { at, OtherChecks(context, check) }.OfType<Html>()];
        var subject = places.Count == 0 ? null : Html.Of($"<p>{Html.Join(places)}</p>");
        return Layout.Draw(
            context,
            verdict with { Body = Html.Of($"{subject}{verdict.Body}") },
            IncidentSections.Open(context),
            Hours(context, [.. check.Hours.TakeLast(HoursShown)], $"Last {HoursShown} hours"),
            days,
            IncidentSections.Past(context),
            LatencyCharts.Draw(context),
            Glossary.Draw(context.Report));
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static Html? OtherChecks(PageContext context, SeriesTrend check)
    {
        var others = context.All.Checks
            .Where(other => CheckSet.OfDatabase.Includes(CheckSet.Of(other.Check, check.Check)))
            .Where(other => other.Target == check.Target && other.Check != check.Check)
            .Select((other, index) => Html.Of($"{(index == 0 ? "" : ", ")}{context.Link(other.Check, other.Target)}"))
            .ToList();
        return others.Count == 0 ? null : Html.Of($" On the same database: {Html.Join(others)}.");
    }

    /// <summary>The hours of a day, from the records, or from the report where the records are gone.</summary>
    private static List<PeriodTrend> Periods(
        SeriesTrend check, DateOnly day, PageContext context, IReadOnlyList<RunRecord> records)
    {
        var start = StartOf(day);
        if (records.Count == 0)
        {
            return [.. check.Hours.Where(hour => hour.Start >= start && hour.Start < start.AddDays(1))];
        }

        var rollup = new DayRollup { Day = day };
        foreach (var record in records)
        {
            rollup.Fold(record, context.Environment.Schedule);
        }

        var wanted = new Series(check.Check, check.Target);
        return
        [
            .. rollup.Hours.Select(hour => PeriodTrend.Of(
                start.AddHours(hour.Hour), hour.Series.Find(series => series.Series == wanted), Math.Max(0, hour.Expected - hour.Ticks))),
        ];
    }

    private static Verdict VerdictOf(PageContext context, SeriesTrend check, DateOnly day, List<PeriodTrend> hours)
    {
        var (runs, failed, excluded) = (hours.Sum(hour => hour.Runs), hours.Sum(hour => hour.Failed), hours.Sum(hour => hour.Excluded));
        var reasons = ReasonCounts.Of(hours.SelectMany(hour => hour.Reasons.All));
        var name = $"{context.PlainName(check)} on {Words.Day(StartOf(day))}";
        var isMissed = runs > 0 && 100.0 * (runs - failed) / runs < context.Report.Slo;
        var (text, tone) = (runs, failed, excluded) switch
        {
            (0, _, 0) => ($"{name}: nothing recorded", Tone.Unknown),
            (0, _, _) => ($"{name}: maintenance", Tone.Maintenance),
            (_, 0, _) => ($"{name}: all passed", Tone.Good),
            _ => (
                $"{name}: {Words.PartOf(failed, runs)} failed",
                isMissed ? Tone.Bad : Tone.Warning),
        };
        var why = reasons.Count == 0 ? null : Html.Of($"Reasons: {reasons.ToString()}. ");
        return new Verdict(text, tone, Html.Of($"<p>{why}{Around(context, check, day)}</p>"));
    }

    private static Html Around(PageContext context, SeriesTrend check, DateOnly day)
    {
        Html Link(DateOnly? other, string text) =>
            Html.Of($"<a href=\"{context.Query.Of(check.Check, check.Target, other).Address}\">{text}</a>");

        var today = DateOnly.FromDateTime(context.Now.UtcDateTime);
        var next = day < today ? Html.Of($" · {Link(day.AddDays(1), "Next day")}") : null;
        return Html.Of($"{Link(day.AddDays(-1), "Previous day")}{next} · {Link(null, "Last 24 hours")}");
    }

    /// <summary>The failures run by run; consecutive ones are one line.</summary>
    private static Section Failures(PageContext context, SeriesTrend check, PageRecords records)
    {
        var stretches = FailureStretch.Of(records.Runs, check.Check, check.Target);
        var list = stretches.Count == 0
            ? Html.Of($"<p>{records.DescribeNone()}</p>")
            : PageContext.List([.. stretches.Select(stretch => Failure(context, check, stretch))], MaxStretches);
        return Section.Of("failures", "Failures", Html.Of($"{list}{Layout.Unreadable(records.Unreadable)}"));
    }

    private static Html Failure(PageContext context, SeriesTrend check, FailureStretch stretch) => Html.Of(
        $"{FailureStretch.Describe(context, stretch)}. <b>Try:</b> {NextSteps.For(check.Check, stretch.Reasons.Main!.Value)}.");

    private static Section Hours(PageContext context, IReadOnlyList<PeriodTrend> hours, string title)
    {
        var (from, to) = context.Query.Day is { } day
            ? (StartOf(day), StartOf(day).AddDays(1))
            : (context.Now.AddHours(-HoursShown), context.Now);
        var csv = context.Query.AddressOf(
            "history",
            ("format", "csv"),
            ("from", Words.Machine(from)),
            ("to", Words.Machine(to)),
            ("check", context.Query.Check?.Token()),
            ("target", context.Report.Checks[0].Target));
        var rows = hours.Reverse().Select(hour => PeriodTable.Row(context.Moment(hour.Start), hour));
        var table = PeriodTable.Draw("hours", "Hour", rows);
        return Section.Of("hours", "Hours", title, Html.Of($"{table}<p><a href=\"{csv}\">These runs as CSV</a></p>"));
    }

    private static Html Days(PageContext context, SeriesTrend check)
    {
        var rows = check.Days.Reverse().Select(day => PeriodTable.Row(
            day.Failed > 0 ? DayStrip.Link(context, check, day, PageContext.Day(day.Start)) : PageContext.Day(day.Start), day));
        var months = DayStrip.MonthNames(context.Today, DashboardPage.StripDays);
        var strip = DayStrip.Draw(context, check, DashboardPage.StripDays, links: DashboardPage.StripDays);
        return Html.Of($"""
            {CheckTable.Legend(context)}<div class="days">{months}{strip}</p></div>
            <details><summary>All days as a table</summary>{PeriodTable.Draw("days", "Day", rows)}</details>
            """);
    }
}
