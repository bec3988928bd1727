using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Draws the page of one incident, with what is affected, since when, why, what to do and its timeline, and the list of all
/// incidents.
/// </summary>
internal static class IncidentPage
{
    private const int MaxEvents = 60;
    private const int MaxStretches = 40;
    private const int MaxNamed = 12;

    /// <summary>Only the first hours of a long incident are read: a day of many targets has megabytes of records.</summary>
    public static TimeSpan MaxRead { get; } = TimeSpan.FromDays(1);

    /// <param name="context">The context of the page.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="records">The runs from its start, for <see cref="MaxRead"/> or until its end.</param>
    public static string Render(PageContext context, Incident incident, PageRecords records)
    {
        var view = new IncidentView(context.All, incident);
        return Layout.Draw(context, VerdictOf(context, view), TimelineOf(context, view), Failures(context, view, records));
    }

    /// <summary>All known incidents, the newest first.</summary>
    public static string RenderAll(PageContext context)
    {
        var views = context.Incidents;
        var open = views.Count(view => view.IsOpen);
        var tone = views.Where(view => view.IsOpen).Select(view => view.Tone).DefaultIfEmpty(Tone.Good).Max();
        var text = open == 0 ? "No incident is open" : $"{Words.Count(open, "incident is", "incidents are")} open";
        var rows = views.Select(view => Html.Of($"""
            <tr><th scope="row">{context.Moment(view.Incident.Started)}
            <td class="why">{IncidentSections.Link(context, view)}
            <td class="why">{view.Incident.Severity.Name()}<td class="why">{Why(view)}
            <td>{Words.Length((view.End ?? context.Now) - view.Incident.Started)}<td class="why">{State(context, view)}

            """));
        var table = Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Incidents as a table"><table class="periods" aria-labelledby="all">
            <thead><tr><th scope="col">Started<th scope="col" class="why">What<th scope="col" class="why">Severity
            <th scope="col" class="why">Why<th scope="col">Lasted<th scope="col" class="why">State</tr></thead>
            <tbody>{Html.Join(rows)}</tbody></table></div>
            """);
        return Layout.Draw(
            context,
            new Verdict(text, tone, null),
            Section.Of("all", "Incidents", views.Count == 0 ? Html.Of($"<p>None yet.</p>") : table));
    }

    private static Html State(PageContext context, IncidentView view) =>
        view.Incident.Resolved is { } resolved ? Html.Of($"resolved {context.Moment(resolved)}") : Html.Of($"<b>open</b>");

    private static Verdict VerdictOf(PageContext context, IncidentView view)
    {
        var incident = view.Incident;
        var target = incident.Checks.IsEmpty || view.IsOfProbe || view.Group is not null
            || context.IsOnlyTarget(incident.Checks.Members.First(), incident.Target)
            ? ""
            : $" {view.Target}";
        var what = incident.Reason is { } reason ? Words.Reason(reason) : Why(view);
        var text = $"{(view.IsOpen ? "" : "Resolved: ")}{IncidentSections.SubjectText(view)}{target}{(view.IsOpen ? $": {what}" : "")}";
        var step = view.IsOpen && incident.Recovered is null ? Fact("Try", IncidentSections.Step(context, view)) : null;
        var notifications = incident.Notifications == 1 ? "" : $", {incident.Notifications} notifications";
        return new Verdict(text, view.Tone, Html.Of($"""
            <dl class="facts">{Fact("Why", Html.Of($"{Why(view)}"))}
            {Fact("When", Html.Of($"{IncidentSections.Time(context, view)}. Severity: {incident.Severity.Name()}{notifications}."))}
            {Fact("Where", Where(context, view))}{step}</dl>
            """));
    }

    private static Html Fact(string name, Html text) => Html.Of($"<div><dt>{name}</dt><dd>{text}</dd></div>");

    private static string Why(IncidentView view) => view.Incident.Reason is { } reason
        ? $"{Words.Reason(reason)} ({reason.Code()})"
        : string.Join(", ", view.Alerts.Select(alert => Words.ShortRule(alert.Rule)).DefaultIfEmpty("slower than usual").Distinct());

    private static Html Where(PageContext context, IncidentView view) => view.IsOfRecording
        ? Html.Of($"the recorder; the state of all checks is unknown")
        : view.Checks.Count == 0
            ? Html.Of($"no longer checked")
            : PageContext.List(
                [
                    .. view.Checks.Select(check => Html.Of(
                        $"{context.Link(check.Check, check.Target)}{context.At(check.Check, check.Target)}")),
                ],
                MaxNamed);

    /// <summary>The timeline of the incident and its alerts.</summary>
    private static Section TimelineOf(PageContext context, IncidentView view)
    {
        var incident = view.Incident;
        List<(DateTimeOffset Time, Html Text)> events =
        [
            (incident.Started, Html.Of($"{(incident.Reason is null ? "It began" : "First failure")}")),
            .. view.Alerts.Select(alert => (alert.Triggered, Html.Of($"Alert triggered: {Rule(context, alert)}"))),
        ];
        if (incident.Recovered is { } recovered)
        {
            events.Add((recovered, Html.Of($"First passing run")));
        }

        events.AddRange(view.Alerts.Where(alert => alert.Resolved is not null)
            .Select(alert => (alert.Resolved!.Value, Html.Of($"Alert resolved: {Rule(context, alert)}"))));

        events.AddRange(NotificationsOf(incident));
        var rows = events.OrderBy(one => one.Time).Take(MaxEvents).Select(one => Html.Of($"""
            <tr><th scope="row">{context.Moment(one.Time)}<td>{After(one.Time - incident.Started)}<td class="why">{one.Text}

            """));
        return Section.Of("timeline", "Timeline", Html.Of($"""
            <div class="scroll" tabindex="0" role="region" aria-label="Timeline as a table">
            <table class="periods" aria-labelledby="timeline">
            <thead><tr><th scope="col">Time<th scope="col">After<th scope="col" class="why">Event</tr></thead>
            <tbody>{Html.Join(rows)}</tbody></table></div>
            """));
    }

    /// <summary>The notifications. An incident that an earlier version recorded has only its beginning and end.</summary>
    private static IEnumerable<(DateTimeOffset Time, Html Text)> NotificationsOf(Incident incident)
    {
        IReadOnlyList<IncidentMoment> moments = incident.Timeline.Count > 0
            ? incident.Timeline
            : [
                new(IncidentEvent.Opened, incident.Opened, incident.Checks),
                .. incident.Resolved is { } resolved
                    ? new[] { new IncidentMoment(IncidentEvent.Resolved, resolved, incident.Checks) }
                    : [],
            ];
        return moments.Select(moment => (moment.Tick, moment.Event switch
        {
            IncidentEvent.Opened => Html.Of($"<b>Incident opened</b>"),
            IncidentEvent.Resolved => Html.Of($"<b>Incident resolved</b>"),
            _ => Html.Of($"Incident updated: {string.Join(", ", moment.Checks.Members.Select(check => check.Key()))}"),
        }));
    }

    private static string After(TimeSpan length) => length <= TimeSpan.Zero ? "–" : Words.Length(length);

    private static Html Rule(PageContext context, Alert alert) => alert is { Check: { } check, Target: { } target }
        ? Html.Of($"{alert.Rule.Name()}, {context.Name(check, target)}")
        : Html.Of($"{alert.Rule.Name()}");

    /// <summary>The failures of its checks, run by run.</summary>
    private static Section Failures(PageContext context, IncidentView view, PageRecords records)
    {
        var (from, to) = (view.Incident.Started, view.Incident.Resolved ?? context.Now);
        var stretches = view.Checks
            .SelectMany(
                check => FailureStretch.Of(records.Runs, check.Check, check.Target),
                (check, stretch) => (Check: check, Stretch: stretch))
            .OrderBy(failure => failure.Stretch.From)
            .Select(failure => FailureStretch.Describe(context, failure.Stretch, context.Name(failure.Check)))
            .ToList();
        var limit = to - from > MaxRead ? Html.Of($"<p>The first {Words.Length(MaxRead)}.</p>") : null;
        var csv = context.Query.AddressOf("history",
        [
            ("format", "csv"),
            ("from", Words.Machine(from)),
            ("to", Words.Machine(Min(to.AddMinutes(1), from.AddDays(31)))),
            .. view.Checks.Select(check => check.Check).Distinct().Select(check => ("check", (string?)check.Token())),
            .. view.Checks.Select(check => check.Target).Distinct().Take(MaxNamed).Select(target => ("target", (string?)target)),
        ]);
        var link = view.Checks.Count == 0 ? null : Html.Of($"<p><a href=\"{csv}\">These runs as CSV</a></p>");
        var list = stretches.Count == 0 ? Html.Of($"<p>{records.DescribeNone()}</p>") : PageContext.List(stretches, MaxStretches);
        return Section.Of("failures", "Failures", Html.Of($"{limit}{list}{Layout.Unreadable(records.Unreadable)}{link}"));
    }

    private static DateTimeOffset Min(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
