using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>Alerts of one check on one target that people would call one thing: they overlap, or follow each other within an hour.</summary>
/// <param name="Alerts">At least one, the oldest first.</param>
internal sealed record Incident(IReadOnlyList<Alert> Alerts)
{
    private static readonly TimeSpan _apart = TimeSpan.FromHours(1);

    public Check? Check => Alerts[0].Check;

    public string? Target => Alerts[0].Target;

    public Severity Severity => Alerts.Max(alert => alert.Severity);

    public DateTimeOffset Since => Core.Min(alert => alert.Since);

    /// <summary>Null where it is open.</summary>
    public DateTimeOffset? Ended => Core.All(alert => alert.Resolved is not null) ? Core.Max(alert => alert.Resolved) : null;

    /// <summary>What was down, and for how long, is told by these alerts; those on the error budget go on for hours after it.</summary>
    private IReadOnlyList<Alert> Core =>
        Alerts.Where(alert => alert.Rule is AlertRule.Unavailable or AlertRule.MissingData).ToList() is { Count: > 0 } outages ? outages : Alerts;

    /// <summary>Puts alerts together, the newest first.</summary>
    public static IReadOnlyList<Incident> Of(IEnumerable<Alert> alerts) =>
    [
        .. alerts
            .GroupBy(alert => (alert.Check, alert.Target, IsOfLatency(alert.Rule)))
            .SelectMany(group => Split(group.OrderBy(alert => alert.Since)))
            .OrderByDescending(incident => incident.Since),
    ];

    private static IEnumerable<Incident> Split(IEnumerable<Alert> alerts)
    {
        var incident = new List<Alert>();
        foreach (var alert in alerts)
        {
            if (incident.Count > 0 && alert.Since > incident.Max(other => other.Resolved ?? DateTimeOffset.MaxValue - _apart) + _apart)
            {
                yield return new Incident(incident);
                incident = [];
            }

            incident.Add(alert);
        }

        yield return new Incident(incident);
    }

    /// <summary>A check that is slow for weeks may fail many times meanwhile, and each time counts.</summary>
    private static bool IsOfLatency(AlertRule rule) => rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast;
}
