using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Pages;

/// <summary>
/// Alerts that people would call one thing: those of one system (the checks on one database are one) that overlap or follow each other
/// soon, and those of other systems that failed at the same time and for the same reason.
/// </summary>
internal sealed class Incident
{
    private static readonly TimeSpan _apart = TimeSpan.FromMinutes(30);

    /// <summary>What one cause brings down goes down within a few runs.</summary>
    private static readonly TimeSpan _together = TimeSpan.FromMinutes(5);

    private Incident(IReadOnlyList<Alert> alerts, ReasonCounts reasons, DateTimeOffset started)
    {
        Alerts = alerts;
        Reasons = reasons;
        Started = started;
    }

    /// <summary>At least one, the oldest first.</summary>
    public IReadOnlyList<Alert> Alerts { get; }

    /// <summary>Why runs failed in the hours of it.</summary>
    public ReasonCounts Reasons { get; }

    /// <summary>The first run that failed.</summary>
    public DateTimeOffset Started { get; }

    /// <summary>When the first alert was raised.</summary>
    public DateTimeOffset Alerted => Core.Min(alert => alert.Triggered);

    public Severity Severity => Alerts.Max(alert => alert.Severity);

    public bool IsOpen => Alerts.Any(alert => alert.Resolved is null);

    /// <summary>When what was down was taken for good again; null where it is not.</summary>
    public DateTimeOffset? Ended => Core.All(alert => alert.Resolved is not null) ? Core.Max(alert => alert.Resolved) : null;

    /// <summary>Whether it is about runs that failed, and not about their latency or the recording.</summary>
    public bool IsOutage => Alerts[0] is { Check: not null } first && !IsOfLatency(first.Rule);

    /// <summary>What was down, and for how long, is told by these alerts; those on the error budget go on for hours after it.</summary>
    private IReadOnlyList<Alert> Core => Alerts.Where(alert => alert.Rule is AlertRule.Unavailable or AlertRule.MissingData).ToList()
        is { Count: > 0 } outages ? outages : Alerts;

    /// <summary>The first of the good runs that ended it.</summary>
    /// <param name="schedule">Of the runs.</param>
    public DateTimeOffset? Recovered(Schedule schedule) =>
        Ended is { } ended && Core[0].Rule is AlertRule.Unavailable ? schedule.Last(ended.AddTicks(-1)) : Ended;

    /// <summary>Puts all alerts of a report together, the newest incident first.</summary>
    public static IReadOnlyList<Incident> Of(TrendReport report)
    {
        var series = report.Checks.ToDictionary(check => (check.Check, check.Target));
        var bySystem = report.Alerts.Concat(report.Ended)
            .GroupBy(alert => (System: SystemOf(alert.Check), alert.Target, IsOfLatency: IsOfLatency(alert.Rule)))
            .SelectMany(system => Split(system.OrderBy(alert => alert.Since)))
            .Select(alerts => Create(alerts, series, report.Now));
        return [.. Together(bySystem).OrderByDescending(incident => incident.Started)];
    }

    private static Incident Create(
        List<Alert> alerts, Dictionary<(Check Check, string Target), SeriesTrend> series, DateTimeOffset now)
    {
        var (from, to) = (alerts.Min(alert => alert.Since), alerts.Max(alert => alert.Resolved ?? now));
        var concerned = alerts
            .Where(alert => alert is { Check: not null, Target: not null })
            .Select(alert => series.GetValueOrDefault((alert.Check!.Value, alert.Target!)))
            .OfType<SeriesTrend>()
            .Distinct()
            .ToList();
        var failing = concerned
            .Where(check => check.Ok is false && alerts.Exists(alert => alert.Resolved is null && alert.Check == check.Check))
            .ToList();
        var started = failing.Select(check => check.Since!.Value).Append(from).Min();
        var counts = new ReasonCounts(concerned.SelectMany(check => check.Hours)
            .Where(hour => hour.Start > started.AddHours(-1) && hour.Start < to)
            .SelectMany(hour => hour.Reasons.All));
        if (counts.Count == 0)
        {
            counts = new ReasonCounts(failing.Select(check => KeyValuePair.Create(check.Reason ?? Reason.Unknown, 1)));
        }

        return new Incident(alerts, counts, started);
    }

    /// <summary>Joins what began at one time for one reason: 50 databases on one server are one incident.</summary>
    private static List<Incident> Together(IEnumerable<Incident> incidents)
    {
        var joined = new List<Incident>();
        foreach (var incident in incidents.OrderBy(incident => incident.Started))
        {
            var other = incident.IsOutage ? joined.FindIndex(joined => AreOne(joined, incident)) : -1;
            if (other < 0)
            {
                joined.Add(incident);
            }
            else
            {
                joined[other] = new Incident(
                    [.. joined[other].Alerts.Concat(incident.Alerts).OrderBy(alert => alert.Since)],
                    new ReasonCounts(joined[other].Reasons.All.Concat(incident.Reasons.All)),
                    joined[other].Started);
            }
        }

        return joined;
    }

    private static bool AreOne(Incident one, Incident other) =>
        one.IsOutage
        && other.Started - one.Started <= _together
        && one.IsOpen == other.IsOpen
        && one.Reasons.Main is { } reason
        && reason == other.Reasons.Main;

    private static IEnumerable<List<Alert>> Split(IEnumerable<Alert> alerts)
    {
        var incident = new List<Alert>();
        foreach (var alert in alerts)
        {
            if (incident.Count > 0 && alert.Since > incident.Max(other => other.Resolved ?? DateTimeOffset.MaxValue - _apart) + _apart)
            {
                yield return incident;
                incident = [];
            }

            incident.Add(alert);
        }

        yield return incident;
    }

    /// <summary>What the checks look at: the three on a database are about one system.</summary>
    private static Check? SystemOf(Check? check) => check is Check.DatabaseMigrations or Check.DatabaseModels ? Check.Databases : check;

    /// <summary>A check that is slow for weeks may fail many times meanwhile, and each time counts.</summary>
    private static bool IsOfLatency(AlertRule rule) => rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast;
}
