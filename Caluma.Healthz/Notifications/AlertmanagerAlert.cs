using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Notifications;

/// <summary>
/// An alert as Alertmanager's API v2 takes it: https://github.com/prometheus/alertmanager/blob/v0.25.0/api/v2/openapi.yaml (postableAlert).
/// Its labels identify the incident, and never change while it is open.
/// </summary>
internal sealed record AlertmanagerAlert(
    SortedDictionary<string, string> Labels,
    SortedDictionary<string, string> Annotations,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt)
{
    public const string Name = "CalumaIncident";

    /// <param name="incident">The incident.</param>
    /// <param name="endsAt">When the incident was resolved, or when Alertmanager resolves it without another post.</param>
    /// <param name="options">The name of the environment and the runbook.</param>
    public static AlertmanagerAlert Of(Incident incident, DateTimeOffset endsAt, HealthzOptions options)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["alertname"] = Name,
            ["incident"] = incident.Id,
            ["severity"] = incident.Severity.Name(),
            ["system"] = incident.System,
            ["target"] = incident.Target,
        };
        var checks = string.Join(", ", incident.Checks.Members.Select(check => check.Key()));
        var subject = incident.System == incident.Target ? incident.System : $"{incident.System} {incident.Target}";
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["summary"] = $"{subject}{(incident.Reason is { } why ? $": {why.Code()}" : "")}{(checks is "" ? "" : $" ({checks})")}",
            ["description"] = incident.Next,
        };
        if (incident.Members is { } members)
        {
            annotations["members"] = string.Join(", ", members.Select(member => $"{member.Kind} {member.Target}"));
        }

        if (incident.Reason is { } reason)
        {
            labels["reason"] = reason.Code();
        }

        if (options.Name is { } name)
        {
            labels["environment"] = name;
        }

        if (options.RunbookUrl is { } runbook)
        {
            annotations["runbook_url"] = runbook.AbsoluteUri;
        }

        return new AlertmanagerAlert(labels, annotations, incident.Started, endsAt);
    }
}
