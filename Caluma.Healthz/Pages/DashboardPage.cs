using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws the dashboard and the pages of a check or a day: the verdict now, failures with time and reason, trends, and what to
/// do.
/// </summary>
internal static class DashboardPage
{
    /// <summary>The days that the strips show, and that the report must have.</summary>
    public const int StripDays = 90;

    /// <param name="all">The report.</param>
    /// <param name="query">The query of the page.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="records">The records of the wanted day.</param>
    public static string Render(TrendReport all, PageQuery query, PageEnvironment environment, PageRecords records)
    {
        var context = new PageContext(all, query, environment);
        if (context.Report.Checks.Count == 0 && all.Checks.Count > 0)
        {
            return Layout.Draw(context, NoSuch(context));
        }

        return query.Check is not null && context.Report.Checks is [var check]
            ? SeriesPage.Render(context, check, records)
            : Overview(context);
    }

    private static string Overview(PageContext context)
    {
        var verdict = Summary.With(context, Verdict.Of(context));
        if (context.Report.Newest is null)
        {
            return Layout.Draw(context, verdict);
        }

        return Layout.Draw(
            context,
            verdict,
            IncidentSections.Open(context),
            CheckTable.Draw(context),
            IncidentSections.Past(context),
            LatencyCharts.Draw(context),
            Glossary.Draw(context.Report));
    }

    private static Verdict NoSuch(PageContext context)
    {
        var (all, query) = (context.All, context.Query);
        if (query.Target is { } target && all.Checks.All(check => check.Target != target))
        {
            var targets = all.Checks.Select(check => check.Target).Distinct().Order(StringComparer.Ordinal)
                .Select(other => (Name: other, (query with { Check = null, Target = other, Day = null }).Address))
                .Select(other => Html.Of($"<li><a href=\"{other.Address}\"><bdi>{other.Name}</bdi></a></li>"));
            return new Verdict(
                "No such target",
                Tone.Unknown,
                Html.Of($"<p>No target named \"<bdi>{target}</bdi>\". Choose one:</p><ul>{Html.Join(targets)}</ul>"));
        }

        var checks = all.Checks
            .Where(check => query.Target is null || check.Target == query.Target)
            .Select(check => Html.Of($"<li>{context.Link(check.Check, check.Target)}</li>"));
        return new Verdict(
            "No such check",
            Tone.Unknown,
            Html.Of($"<p>Nothing is recorded of {query.Check!.Value.Key()} there. Choose one:</p><ul>{Html.Join(checks)}</ul>"));
    }
}
