using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>What is open, and what was before.</summary>
internal static class AlertSections
{
    /// <summary>With hundreds of targets on one server, all of them may fail at once.</summary>
    private const int MostOpen = 12;

    private const int MostPast = 12;

    public static Html Open(TrendReport report)
    {
        var incidents = Incident.Of(report.Alerts).OrderByDescending(incident => incident.Severity).ToList();
        return Html.Of($"""
            <section aria-labelledby="alerts"><h2 id="alerts">Open alerts</h2>
            {(incidents.Count == 0 ? Html.Of($"<p>None.</p>") : List(incidents, MostOpen, incident => Open(incident, report.Now)))}
            </section>
            """);
    }

    public static Html Past(TrendReport report)
    {
        var incidents = Incident.Of(report.Ended);
        return Html.Of($"""
            <section aria-labelledby="past"><h2 id="past">Past alerts</h2>
            {(incidents.Count == 0 ? Html.Of($"<p>None.</p>") : List(incidents, MostPast, Past))}
            </section>
            """);
    }

    private static Html List(IReadOnlyList<Incident> incidents, int most, Func<Incident, Html> entry) => Html.Of($"""
        <ul class="alerts">{Html.Join(incidents.Take(most).Select(incident => Html.Of($"<li class=\"{Mark.Name(ToneOf(incident))}-edge\">{entry(incident)}</li>")))}</ul>{(incidents.Count > most ? Html.Of($"<p>And {Words.Count(incidents.Count - most, "more", "more")}, in <code>/healthz/trend</code>.</p>") : null)}
        """);

    private static Html Open(Incident incident, DateTimeOffset now) => Html.Of(
        $"<p>{Head(incident)}</p>{Parts.List([.. incident.Alerts.OrderBy(alert => alert.Rule).Select(alert => Html.Of($"{Words.Rule(alert.Rule)} <small>since {Parts.Moment(alert.Since)}, for {Words.Length(now - alert.Since)}</small>"))], int.MaxValue)}");

    private static Html Past(Incident incident) => Html.Of(
        $"<p>{Head(incident)}</p><p>{Parts.Moment(incident.Since)}, for {Words.Length(incident.Ended!.Value - incident.Since)}</p><small>{string.Join(", ", incident.Alerts.OrderBy(alert => alert.Rule).GroupBy(alert => Words.ShortRule(alert.Rule)).Select(Times))}</small>");

    private static Html Head(Incident incident) => Html.Of(
        $"{Mark.Of(ToneOf(incident))}{(incident.Check is { } check ? Parts.Name(check, incident.Target) : Html.Of($"<b>recording</b>"))} <small>{incident.Severity.Name()}</small>");

    /// <summary>Several rules may say one thing at once; one rule that has fired several times has done so one after the other.</summary>
    private static string Times(IGrouping<string, Alert> alerts)
    {
        var times = alerts.GroupBy(alert => alert.Rule).Max(rule => rule.Count());
        return times == 1 ? alerts.Key : $"{alerts.Key} {Words.Count(times, "time", "times")}";
    }

    private static Tone ToneOf(Incident incident) => incident.Severity == Severity.Critical ? Tone.Bad : Tone.Warning;
}
