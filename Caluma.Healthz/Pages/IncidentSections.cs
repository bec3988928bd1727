using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>The incidents that are open, and those that were before.</summary>
internal static class IncidentSections
{
    /// <summary>With hundreds of targets, many may fail at once for reasons of their own.</summary>
    private const int MaxOpen = 12;

    private const int MaxPast = 12;
    private const int MaxTargets = 5;

    public static Section Open(PageContext context, IReadOnlyList<Incident> incidents)
    {
        var open = incidents.Where(incident => incident.IsOpen).OrderByDescending(incident => incident.Severity).ToList();
        return Section.Of("incidents", "Open incidents", open.Count == 0 ? Html.Of($"<p>None.</p>") : List(context, open, MaxOpen, Open));
    }

    public static Section Past(PageContext context, IReadOnlyList<Incident> incidents)
    {
        var past = incidents.Where(incident => !incident.IsOpen).ToList();
        return past.Count == 0
            ? Section.Of("past", "Past incidents", Html.Of($"<p>None.</p>"))
            : Section.Folded(
                "past",
                "Past incidents",
                "Past incidents",
                $"Show {Words.Count(Math.Min(past.Count, MaxPast), "incident", "incidents")}",
                List(context, past, MaxPast, Past));
    }

    private static Html List(PageContext context, List<Incident> incidents, int max, Func<PageContext, Incident, Html> draw)
    {
        var more = incidents.Count > max
            ? Html.Of($"""
                <p>And {Words.Count(incidents.Count - max, "more", "more")}, in
                <a href="{context.Query.AddressOf("trend")}">/healthz/trend</a>.</p>
                """)
            : null;
        var cards = Html.Join(incidents.Take(max).Select(incident => draw(context, incident)));
        return Html.Of($"<ul class=\"incidents\">{cards}</ul>{more}\n");
    }

    private static Html Open(PageContext context, Incident incident)
    {
        var tone = incident.Severity == Severity.Critical ? Tone.Bad : Tone.Warning;
        var length = (incident.Ended ?? context.Now) - incident.Started;
        var state = incident.Ended is null
            ? Html.Of($"Since {context.Moment(incident.Started)}, for {Words.Length(length)}")
            : Html.Of($"""
                {context.Span(incident.Started, incident.Ended.Value)}, for {Words.Length(length)}; its error budget is still burning
                """);
        var rules = incident.Alerts.Where(alert => alert.Resolved is null).Select(alert => alert.Rule).Distinct().Order()
            .Select(rule => Html.Of($"{Words.Rule(rule)}"));
        return Html.Of($"""
            <li class="{Mark.Name(tone)}-edge"><p>{Mark.Of(tone)}{Subject(context, incident)} <small>{incident.Severity.Name()}</small></p>
            <p>{state}{Why(incident)}.</p>
            {PageContext.List([.. rules], int.MaxValue)}{Step(context, incident)}{Timeline(context, incident)}</li>

            """);
    }

    private static Html Past(PageContext context, Incident incident)
    {
        var end = incident.Recovered(context.Environment.Schedule)!.Value;
        var length = Words.Length(end - incident.Started);
        var rules = string.Join(", ", incident.Alerts.Select(alert => alert.Rule).Distinct().Order().Select(Words.ShortRule).Distinct());
        return Html.Of($"""
            <li class="past"><p><b>Resolved</b> {Subject(context, incident)} <small>{incident.Severity.Name()}: {rules}</small></p>
            <p>{context.Span(incident.Started, end)}, for {length}{Why(incident)}</p>{Timeline(context, incident)}</li>

            """);
    }

    /// <summary>What it is about: a check on a target, several checks on one, or one thing that has happened to many.</summary>
    private static Html Subject(PageContext context, Incident incident)
    {
        var concerned = incident.Alerts
            .Where(alert => alert.Check is not null)
            .Select(alert => (Check: alert.Check!.Value, Target: alert.Target!))
            .Distinct()
            .ToList();
        if (concerned.Count == 0)
        {
            return Html.Of($"<b>recording</b>");
        }

        var targets = concerned.Select(one => one.Target).Distinct().ToList();
        var checks = concerned.Select(one => one.Check).Distinct().Order().ToList();
        if (targets.Count == 1)
        {
            var names = Html.Of($"<b>{string.Join(", ", checks.Select(check => check.Key()))}</b>");
            return context.IsOnlyTarget(checks[0], targets[0]) ? names : Html.Of($"{names} <bdi>{targets[0]}</bdi>");
        }

        var more = targets.Count > MaxTargets ? Html.Of($" and {Words.Count(targets.Count - MaxTargets, "more", "more")}") : null;
        var named = targets.Take(MaxTargets).Select((target, index) => Html.Of($"{(index == 0 ? "" : ", ")}<bdi>{target}</bdi>"));
        var count = Words.Count(targets.Count, "target", "targets");
        return Html.Of($"<b>{count}</b> ({string.Join(", ", checks.Select(check => check.Key()))}): {Html.Join(named)}{more}");
    }

    private static Html? Why(Incident incident) =>
        incident is { IsOutage: true, Reasons.Count: > 0 } ? Html.Of($": {incident.Reasons.ToString()}") : null;

    private static Html? Step(PageContext context, Incident incident)
    {
        if (incident is not { IsOutage: true, Ended: null, Reasons.Count: > 0 })
        {
            return null;
        }

        var runbook = context.Environment.RunbookUrl is { } url
            ? Html.Of($" <a href=\"{url.AbsoluteUri}\" rel=\"noreferrer\">Runbook</a>")
            : null;
        return Html.Of($"<p><b>Try:</b> {NextSteps.For(incident.Alerts[0].Check!.Value, incident.Reasons.Main!.Value)}.{runbook}</p>");
    }

    private static Html Timeline(PageContext context, Incident incident)
    {
        var recovered = incident.Recovered(context.Environment.Schedule);
        (string Event, DateTimeOffset? Time)[] events =
        [
            (incident.IsOutage ? "First failure" : "Began", incident.Started),
            ("Alert", incident.Alerted),
            ("Recovered", recovered == incident.Ended ? null : recovered),
            ("Resolved", incident.Ended),
        ];
        var (entries, day) = (new List<Html>(), (DateTime?)null);
        foreach (var (name, time) in events)
        {
            if (time is { } moment)
            {
                // The day is said with the first of each.
                var said = context.Local(moment).Date == day ? context.Clock(moment) : context.Moment(moment);
                entries.Add(Html.Of($"<li>{name} {said}</li>"));
                day = context.Local(moment).Date;
            }
        }

        return Html.Of($"<ol class=\"timeline\">{Html.Join(entries)}</ol>");
    }
}
