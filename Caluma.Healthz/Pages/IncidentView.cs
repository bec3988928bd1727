using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>An incident with the checks and alerts of the report that belong to it.</summary>
internal sealed class IncidentView
{
    private readonly AffectedSystem _system;

    /// <param name="report">The report.</param>
    /// <param name="incident">One of its incidents.</param>
    public IncidentView(TrendReport report, Incident incident)
    {
        Incident = incident;
        _system = new AffectedSystem(incident.System, incident.Target);
        Checks = [.. report.Checks.Where(check => incident.Checks.Contains(check.Check) && Covers(check.Check, check.Target))];
        Alerts = [.. report.Alerts.Concat(report.Ended).Where(alert => IsAffected(alert, report.Now)).OrderBy(alert => alert.Triggered)];
    }

    public Incident Incident { get; }

    /// <summary>The affected checks that still exist.</summary>
    public IReadOnlyList<SeriesTrend> Checks { get; }

    /// <summary>The alerts of its system during the incident, the oldest first.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    public bool IsOpen => Incident.Resolved is null;

    /// <summary>Whether it is about the recording, and so affects all checks.</summary>
    public bool IsOfRecording => _system == AffectedSystem.Recording;

    /// <summary>Whether it affects all systems.</summary>
    public bool IsOfProbe => _system.IsProbe;

    /// <summary>The systems that it began with, such as <c>12 databases</c>; null where it was only one.</summary>
    public string? Group => Incident.Members is { } members && new AffectedSystem(Incident.System, Incident.Target).IsGroup
        ? $"{members.Count} {Incident.System}"
        : null;

    /// <summary>The target that it began with, and how many have joined.</summary>
    public string Target => Incident.Count > 1 ? $"{Incident.Target} and {Incident.Count - 1} more" : Incident.Target;

    /// <summary>When the failing ended; null while it lasts.</summary>
    public DateTimeOffset? End => Incident.Recovered ?? Incident.Resolved;

    public Tone Tone => (IsOpen, Incident.Severity) switch
    {
        (false, _) => Tone.Good,
        (true, Severity.Critical) => Tone.Bad,
        _ => Tone.Warning,
    };

    /// <summary>The incidents of the shown checks, the newest first.</summary>
    public static IReadOnlyList<IncidentView> Of(PageContext context) =>
        [.. context.All.Incidents.Select(incident => new IncidentView(context.All, incident)).Where(view => view.Concerns(context.Query))];

    /// <summary>The open alerts of the shown checks that are in no open incident.</summary>
    public static IReadOnlyList<Alert> AlertsOutside(PageContext context)
    {
        var inIncidents = context.Incidents.Where(incident => incident.IsOpen).SelectMany(incident => incident.Alerts).ToHashSet();
        return [.. context.Report.Alerts.Where(alert => !inIncidents.Contains(alert))];
    }

    private bool Concerns(PageQuery query) =>
        query is { Check: null, Target: null }
        || IsOfRecording
        || Checks.Any(check => (query.Check ?? check.Check) == check.Check && (query.Target ?? check.Target) == check.Target);

    private bool Covers(Check check, string target) => Incident.Covers(AffectedSystem.Of(new Series(check, target)));

    private bool IsAffected(Alert alert, DateTimeOffset now) =>
        Incident.Covers(AffectedSystem.Of(alert))
        && (Incident.Severity == Severity.Critical ? !IsOfLatency(alert.Rule) : alert.Severity == Severity.Warning)
        && alert.Triggered <= (Incident.Resolved ?? now)
        && (alert.Resolved ?? now) >= Incident.Started;

    private static bool IsOfLatency(AlertRule rule) => rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast;
}
