using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The pages for people: what is true now, what failed when and why, whether it is getting worse, and what to do.</summary>
internal static class DashboardPage
{
    /// <summary>How many days the strips show, and the report must have.</summary>
    public const int StripDays = 90;

    /// <param name="all">What is known.</param>
    /// <param name="query">What the reader has asked for.</param>
    /// <param name="environment">What is known besides.</param>
    /// <param name="records">Of the day that was asked for.</param>
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
