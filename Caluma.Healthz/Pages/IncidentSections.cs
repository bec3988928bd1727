using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The sections with open and past incidents.</summary>
internal static class IncidentSections
{
    /// <summary>Hundreds of targets may have many incidents at once; the list of all has a page of its own.</summary>
    private const int Max = 12;

    private const int MaxOfMany = 4;
    private const int MaxAlerts = 12;

    public static Section Open(PageContext context)
    {
        var open = context.Incidents.Where(incident => incident.IsOpen).OrderByDescending(incident => incident.Incident.Severity).ToList();
        var cards = open.Count == 0 ? Html.Of($"<p>None.</p>") : List(context, open, Open);
        return Section.Of("incidents", "Open incidents", Html.Join([cards, Outside(context, IncidentView.AlertsOutside(context))]));
    }

    public static Section Past(PageContext context)
    {
        var past = context.Incidents.Where(incident => !incident.IsOpen).ToList();
        return past.Count == 0
            ? Section.Of("past", "Past incidents", Html.Of($"<p>None.</p>"))
            : Section.Folded(
                "past",
                "Past incidents",
                "Past incidents",
                $"Show {Words.Count(Math.Min(past.Count, MaxShown(context)), "incident", "incidents")}",
                List(context, past, Past));
    }

    /// <summary>Start, end and length, as the beginning of a sentence.</summary>
    public static Html Time(PageContext context, IncidentView view)
    {
        var incident = view.Incident;
        var length = Words.Length((view.End ?? context.Now) - incident.Started);
        return view.End is not { } end ? Html.Of($"Since {context.Moment(incident.Started)}, for {length}")
            : view.IsOpen ? Html.Of($"{context.Span(incident.Started, end)}, for {length}, and passing since")
            : Html.Of($"{context.Span(incident.Started, end)}, for {length}");
    }

    /// <summary>The next step, and a link to the runbook.</summary>
    public static Html Step(PageContext context, IncidentView view)
    {
        var runbook = context.Environment.RunbookUrl is { } url
            ? Html.Of($" <a href=\"{url.AbsoluteUri}\" rel=\"noreferrer\">Runbook</a>")
            : null;
        return Html.Of($"{view.Incident.Next}{runbook}");
    }

    private static int MaxShown(PageContext context) => context.Report.Checks.Count > CheckTable.MaxDetailed ? MaxOfMany : Max;

    private static Html List(PageContext context, List<IncidentView> incidents, Func<PageContext, IncidentView, Html> draw)
    {
        var max = MaxShown(context);
        var more = incidents.Count > max
            ? Html.Of($"""
                <p>And {Words.Count(incidents.Count - max, "more", "more")}:
                <a href="{context.Query.IncidentAddress(null)}">all incidents</a>.</p>
                """)
            : null;
        var cards = Html.Join(incidents.Take(max).Select(incident => draw(context, incident)));
        return Html.Of($"<ul class=\"incidents\">{cards}</ul>{more}\n");
    }

    private static Html Open(PageContext context, IncidentView view)
    {
        var rules = view.Alerts.Where(alert => alert.Resolved is null).Select(alert => alert.Rule).Distinct().Order()
            .Select(rule => Html.Of($"{Words.Rule(rule, context.Environment.Windows)}"));
        var severity = view.Incident.Severity.Name();
        var step = view.Incident.Recovered is null ? Html.Of($"<p><b>Try:</b> {Step(context, view)}</p>") : null;
        return Html.Of($"""
            <li class="{Mark.Name(view.Tone)}-edge"><p>{Mark.Of(view.Tone)}{Link(context, view)} <small>{severity}</small></p>
            <p>{Time(context, view)}{Why(view)}.</p>
            {PageContext.List([.. rules], int.MaxValue)}{step}{Timeline(context, view)}</li>

            """);
    }

    private static Html Past(PageContext context, IncidentView view)
    {
        var rules = string.Join(", ", view.Alerts.Select(alert => alert.Rule).Distinct().Order().Select(Words.ShortRule).Distinct());
        var what = rules.Length == 0 ? view.Incident.Severity.Name() : $"{view.Incident.Severity.Name()}: {rules}";
        return Html.Of($"""
            <li class="past"><p><b>Resolved</b> {Link(context, view)} <small>{what}</small></p>
            <p>{Time(context, view)}{Why(view)}</p>{Timeline(context, view)}</li>

            """);
    }

    /// <summary>The affected checks, as a link to the incident's page.</summary>
    public static Html Link(PageContext context, IncidentView view) =>
        Html.Of($"<a href=\"{context.Query.IncidentAddress(view.Incident.Id)}\">{Subject(context, view)}</a>");

    /// <summary>The affected checks, with the target where there are several.</summary>
    public static Html Subject(PageContext context, IncidentView view)
    {
        var incident = view.Incident;
        if (incident.Checks.IsEmpty)
        {
            return Html.Of($"<b>{incident.System}</b>");
        }

        var names = Html.Of($"<b>{SubjectText(view)}</b>");
        return view.IsOfProbe || view.Group is not null || context.IsOnlyTarget(incident.Checks.Members.First(), incident.Target)
            ? names
            : Html.Of($"{names} <bdi>{view.Target}</bdi>");
    }

    /// <summary>The affected checks without the target.</summary>
    public static string SubjectText(IncidentView view) => view switch
    {
        { IsOfProbe: true } => "all systems",
        { Group: { } group } => group,
        { Incident.Checks.IsEmpty: true } => view.Incident.System,
        _ => string.Join(", ", view.Incident.Checks.Members.Select(check => check.Key())),
    };

    /// <summary>The reason, as the end of a sentence; null where no check failed.</summary>
    public static Html? Why(IncidentView view) => view.Incident.Reason is { } reason
        ? Html.Of($": {Words.Reason(reason)} ({reason.Code()})")
        : null;

    private static Html? Outside(PageContext context, IReadOnlyList<Alert> alerts) => alerts.Count == 0
        ? null
        : Html.Of($"""
            <p>{Words.Count(alerts.Count, "open alert", "open alerts")} outside an incident:</p>
            {PageContext.List([.. alerts.Select(alert => Alert(context, alert))], MaxAlerts)}
            """);

    private static Html Alert(PageContext context, Alert alert)
    {
        var subject = alert is { Check: { } check, Target: { } target } ? context.Link(check, target) : Html.Of($"<b>recording</b>");
        return Html.Of($"{subject}: {Words.Rule(alert.Rule, context.Environment.Windows)}, since {context.Moment(alert.Since)}");
    }

    private static Html Timeline(PageContext context, IncidentView view)
    {
        var incident = view.Incident;
        (string Event, DateTimeOffset? Time)[] events =
        [
            (incident.Reason is null ? "Began" : "First failure", incident.Started),
            ("Alert", incident.Opened),
            ("Recovered", incident.Recovered),
            ("Resolved", incident.Resolved),
        ];
        var (entries, day) = (new List<Html>(), (DateTime?)null);
        foreach (var (name, time) in events)
        {
            if (time is { } moment)
            {
                // Only the first entry of a day has the date.
                var when = context.Local(moment).Date == day ? context.Clock(moment) : context.Moment(moment);
                entries.Add(Html.Of($"<li>{name} {when}</li>"));
                day = context.Local(moment).Date;
            }
        }

        return Html.Of($"<ol class=\"timeline\">{Html.Join(entries)}</ol>");
    }
}
