using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The frame of all pages: head, heading, navigation and footer.</summary>
internal static class Layout
{
    private static readonly Html _style = Html.Raw(DashboardStyle.Css);

    /// <summary>A page over the history.</summary>
    /// <param name="context">The context of the page.</param>
    /// <param name="verdict">The verdict, which comes first.</param>
    /// <param name="sections">The sections, each with the id and text of its heading where the navigation links to it.</param>
    public static string Draw(PageContext context, Verdict verdict, params IReadOnlyList<Section> sections)
    {
        var zone = context.Query.Zone == PageZone.Utc
            ? Html.Of($"for yours, add <code>tz=Europe/Zurich</code> to the address")
            : Html.Of($"days are those of UTC");
        var generated = Html.Of($"Generated {context.Moment(context.Now)} from recorded runs; opening it runs no checks.");
        return Draw(
            context.Environment,
            verdict,
            Navigation(context.Query, sections),
            MaintenanceBanner.Draw(context),
            AsOf(context),
            Html.Join(sections.Select(section => section.Content)),
            Html.Of($"""
                <p>Caluma health {context.Environment.Label}. {generated}</p>
                <p>All times are {context.ZoneLabel()}; {zone}.
                {Runbook(context.Environment)} For programs: <a href="{context.Query.AddressOf("trend")}">trend</a> and
                <a href="{context.Query.AddressOf("history")}">history</a>.</p>
                """));
    }

    /// <summary>A page with a single message, without a history.</summary>
    /// <param name="environment">The environment.</param>
    /// <param name="query">The query of the request, for the links.</param>
    /// <param name="verdict">The message.</param>
    public static string Draw(PageEnvironment environment, PageQuery query, Verdict verdict) => Draw(
        environment,
        verdict,
        Html.Of($"""
            <nav aria-label="Pages"><ul><li><a href="{query.AddressOf(PageQuery.Dashboard)}">Dashboard</a></li>
            <li><a href="{query.ReportAddress}">Report</a></li></ul></nav>
            """),
        banner: null,
        asOf: null,
        sections: null,
        Html.Of($"<p>Caluma health {environment.Label}. {Runbook(environment)}</p>"));

    private static string Draw(
        PageEnvironment environment,
        Verdict verdict,
        Html navigation,
        Html? banner,
        Html? asOf,
        Html? sections,
        Html footer) => Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            {Mark.Icon(verdict.Tone)}
            <title>{verdict.Text} · {(environment.Name is { } name ? name + " · " : "")}Caluma health {PageEnvironment.Version}</title>
            <style>{_style}</style>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header>
            <svg class="definitions" aria-hidden="true">{Mark.Definitions}{DayStrip.Definitions}</svg>
            <div class="top"><h1>Caluma health <small>{environment.Label}</small></h1>{navigation}</div>
            </header>
            <main id="main" tabindex="-1">
            {banner}
            <section class="verdict {Mark.Name(verdict.Tone)}-edge" aria-labelledby="verdict">
            <h2 id="verdict">{Mark.Of(verdict.Tone)}{verdict.Text}</h2>{asOf}{verdict.Body}
            </section>
            {sections}
            </main>
            <footer>
            {footer}
            </footer>
            </body>
            </html>
            """).ToString();

    private static Html? Runbook(PageEnvironment environment) => environment.RunbookUrl is { } runbook
        ? Html.Of($"<a href=\"{runbook.AbsoluteUri}\" rel=\"noreferrer\">Runbook</a>.")
        : null;

    private static Html Navigation(PageQuery query, IReadOnlyList<Section> sections)
    {
        static Html Entry(string address, string text) => Html.Of($"<li><a href=\"{address}\">{text}</a></li>");

        var isOverview = query is { Page: PageQuery.Dashboard, Check: null, Target: null, Day: null };
        var all = (query with { Check = null, Target = null, Day = null }).Address;
        var refresh = !query.IsAboutNow
            ? null
            : query.IsPaused
                ? Entry((query with { IsPaused = false }).OwnAddress, "Refresh each minute")
                : Entry((query with { IsPaused = true }).OwnAddress, "Pause the refresh");
        var pages = Html.Join(
        [
            isOverview ? null : Entry(all, "All checks"),
            query.Incident is null ? null : Entry(query.IncidentAddress(null), "All incidents"),
            refresh,
        ]);
        var links = sections.Where(section => section.Id is not null).Select(section => Entry($"#{section.Id}", section.Heading));
        return Html.Of($"<nav aria-label=\"On this page\"><ul>{pages}{Html.Join(links)}</ul></nav>");
    }

    private static Html AsOf(PageContext context)
    {
        if (context.Query.Day is { } day)
        {
            var start = new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero);
            return Html.Of($"<p class=\"as-of\">On {PageContext.Day(start)}, from 00:00 to 24:00 UTC.</p>");
        }

        if (context.Report.Newest is not { } newest)
        {
            return Html.Of($"<p class=\"as-of\">All times are {context.ZoneLabel()}.</p>");
        }

        var ago = context.Now > newest ? context.Now - newest : TimeSpan.Zero;
        var run = Html.Of($"As of the run of {context.Moment(newest)}, {Words.Length(ago)} ago");
        return Html.Of($"""
            <p class="as-of">{run}. All times are {context.ZoneLabel()}.</p>{Unreadable(context.Report.UnreadableDays ?? [])}
            """);
    }

    /// <summary>A link to another view of a page, for a list of views, in which the current one is marked.</summary>
    public static Html View(PageQuery current, PageQuery view, string anchor, string text) =>
        Html.Of($"<li><a{(view == current ? Html.Of($" aria-current=\"true\"") : null)} href=\"{view.Address}{anchor}\">{text}</a></li>");

    /// <summary>The note on days that could not be read.</summary>
    public static Html? Unreadable(IReadOnlyCollection<DateOnly> days) => days.Count == 0
        ? null
        : Html.Of($"<p class=\"as-of\">Not readable, and not counted: {string.Join(", ", days.Select(Day))}.</p>");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
