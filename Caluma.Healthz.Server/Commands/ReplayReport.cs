using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>The output of <c>replay --format json</c>. All members are always there, null where they do not apply.</summary>
internal sealed record ReplayReport(int Records, IReadOnlyList<ReplayedAlert> Alerts, IReadOnlyList<ReplayedIncident> Incidents)
{
    public static ReplayReport Of(Replay replay) => new(
        replay.Records,
        [
            .. replay.Alerts.Select(alert => new ReplayedAlert(
                alert.Rule, alert.Check, alert.Target, alert.Severity, alert.Since, alert.Triggered, alert.Resolved)),
        ],
        [
            .. replay.Incidents.Select(incident => new ReplayedIncident(
                incident.Id,
                incident.Target,
                incident.Checks,
                incident.Reason,
                incident.Severity,
                incident.Started,
                incident.Opened,
                incident.Resolved,
                incident.Notifications)),
        ]);
}
