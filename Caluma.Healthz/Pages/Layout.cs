using System.Globalization;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>What all pages have around what they say: head, heading, navigation and footer.</summary>
internal static class Layout
{
    private static readonly Html _style = Html.Raw(DashboardStyle.Css);

    /// <param name="context">What the page is drawn from.</param>
    /// <param name="verdict">What it says first.</param>
    /// <param name="sections">What it says after that, each with the id and text of its heading where the navigation leads to it.</param>
    public static string Draw(PageContext context, Verdict verdict, params IReadOnlyList<Section> sections)
    {
        var environment = context.Environment;
        var zone = context.Query.Zone == TimeZoneInfo.Utc
            ? Html.Of($"for yours, add <code>tz=Europe/Zurich</code> to the address")
            : Html.Of($"days are those of UTC");
        return Html.Of($"""
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
            <div class="top"><h1>Caluma health <small>{environment.Label}</small></h1>{Navigation(context, sections)}</div>
            </header>
            <main id="main" tabindex="-1">
            {MaintenanceBanner.Draw(context)}
            <section class="verdict {Mark.Name(verdict.Tone)}-edge" aria-labelledby="verdict">
            <h2 id="verdict">{Mark.Of(verdict.Tone)}{verdict.Text}</h2>{AsOf(context)}{verdict.Body}
            </section>
            {Html.Join(sections.Select(section => section.Content))}
            </main>
            <footer>
            <p>Caluma health {environment.Label}. Generated {context.Moment(context.Now)} from recorded runs; opening it runs no checks.</p>
            <p>All times are {context.ZoneLabel()}; {zone}.
            {(environment.RunbookUrl is { } runbook ? Html.Of($"<a href=\"{runbook.AbsoluteUri}\" rel=\"noreferrer\">Runbook</a>.") : null)}
            For programs: <a href="{context.Query.AddressOf("trend")}">trend</a> and
            <a href="{context.Query.AddressOf("history")}">history</a>.</p>
            </footer>
            </body>
            </html>
            """).ToString();
    }

    private static Html Navigation(PageContext context, IReadOnlyList<Section> sections)
    {
        var query = context.Query;
        var isOverview = query is { Check: null, Target: null, Day: null };
        var all = (query with { Check = null, Target = null, Day = null }).Address;
        var overview = isOverview ? null : Html.Of($"<li><a href=\"{all}\">All checks</a></li>");
        var refresh = query.Day is not null
            ? null
            : query.IsPaused
                ? Html.Of($"<li><a href=\"{(query with { IsPaused = false }).Address}\">Refresh each minute</a></li>")
                : Html.Of($"<li><a href=\"{(query with { IsPaused = true }).Address}\">Pause the refresh</a></li>");
        var links = sections
            .Where(section => section.Id is not null)
            .Select(section => Html.Of($"<li><a href=\"#{section.Id}\">{section.Heading}</a></li>"));
        return Html.Of($"<nav aria-label=\"On this page\"><ul>{overview}{refresh}{Html.Join(links)}</ul></nav>");
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
        var when = Html.Of($"{context.Moment(newest)}, {Words.Length(ago)} ago");
        var unreadable = Unreadable(context.Report);
        return Html.Of($"<p class=\"as-of\">As of the run of {when}. All times are {context.ZoneLabel()}.</p>{unreadable}");
    }

    private static Html? Unreadable(TrendReport report) => report.UnreadableDays is not { Count: > 0 } days
        ? null
        : Html.Of($"<p class=\"as-of\">Not readable, and counted nowhere: {string.Join(", ", days.Select(Day))}.</p>");

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
