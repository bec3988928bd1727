using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>An incident together with what else the report knows of it.</summary>
internal sealed class IncidentView
{
    private readonly AffectedSystem _system;

    /// <param name="report">All that is known.</param>
    /// <param name="incident">One of its incidents.</param>
    public IncidentView(TrendReport report, Incident incident)
    {
        Incident = incident;
        _system = new AffectedSystem(incident.System, incident.Target);
        Checks = [.. report.Checks.Where(check => incident.Checks.Contains(check.Check) && Covers(check.Check, check.Target))];
        Alerts = [.. report.Alerts.Concat(report.Ended).Where(alert => IsOfIt(alert, report.Now)).OrderBy(alert => alert.Triggered)];
    }

    public Incident Incident { get; }

    /// <summary>The checks that it takes in, as far as they are still made.</summary>
    public IReadOnlyList<SeriesTrend> Checks { get; }

    /// <summary>The alerts of its system while it lasted, the oldest first.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    public bool IsOpen => Incident.Resolved is null;

    /// <summary>Whether it is about the recording, and so about all checks.</summary>
    public bool IsOfRecording => _system == AffectedSystem.Recording;

    /// <summary>Whether it is about all systems at once.</summary>
    public bool IsOfProbe => _system.IsProbe;

    /// <summary>When what it is about was over; null while it lasts.</summary>
    public DateTimeOffset? End => Incident.Recovered ?? Incident.Resolved;

    public Tone Tone => (IsOpen, Incident.Severity) switch
    {
        (false, _) => Tone.Good,
        (true, Severity.Critical) => Tone.Bad,
        _ => Tone.Warning,
    };

    /// <summary>The incidents of what the page shows, the newest first.</summary>
    public static IReadOnlyList<IncidentView> Of(PageContext context) =>
        [.. context.All.Incidents.Select(incident => new IncidentView(context.All, incident)).Where(view => view.Concerns(context.Query))];

    /// <summary>The open alerts of what the page shows that are in no open incident: not yet, or not any more.</summary>
    public static IReadOnlyList<Alert> AlertsBeside(PageContext context)
    {
        var told = context.Incidents.Where(incident => incident.IsOpen).SelectMany(incident => incident.Alerts).ToHashSet();
        return [.. context.Report.Alerts.Where(alert => !told.Contains(alert))];
    }

    private bool Concerns(PageQuery query) =>
        query is { Check: null, Target: null }
        || IsOfRecording
        || Checks.Any(check => (query.Check ?? check.Check) == check.Check && (query.Target ?? check.Target) == check.Target);

    private bool Covers(Check check, string target) => _system.Covers(AffectedSystem.Of(new Series(check, target)));

    private bool IsOfIt(Alert alert, DateTimeOffset now) =>
        _system.Covers(AffectedSystem.Of(alert))
        && (Incident.Severity == Severity.Critical ? !IsOfLatency(alert.Rule) : alert.Severity == Severity.Warning)
        && alert.Triggered <= (Incident.Resolved ?? now)
        && (alert.Resolved ?? now) >= Incident.Started;

    private static bool IsOfLatency(AlertRule rule) => rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast;
}
