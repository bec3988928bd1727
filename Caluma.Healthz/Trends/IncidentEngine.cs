using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Makes incidents of alerts, so that people get one notification for one trouble (grouping and inhibition in Alertmanager,
/// https://prometheus.io/docs/alerting/latest/alertmanager/). The only time is that of the records, as in <see cref="AlertEngine"/>, after
/// which it is called with the same state.
/// <list type="bullet">
/// <item>Critical alerts of one system are one incident, a page: it opens with a failing run and an alert that is active (see
/// <see cref="ActiveAlerts"/>), and takes in what follows. Where all systems fail at once, it is that of the probe.</item>
/// <item>Warnings of one system that no page explains are one incident, a ticket.</item>
/// </list>
/// </summary>
internal sealed class IncidentEngine(RuleWindows windows)
{
    private const int MaxIncidents = 100;

    /// <summary>How long a warning must be open to make a ticket: if it becomes critical meanwhile, only a page is opened.</summary>
    private static readonly TimeSpan _beforeTicket = TimeSpan.FromMinutes(30);

    /// <summary>How long after a page no ticket is opened: hourly values still include its failures.</summary>
    private static readonly TimeSpan _afterPage = TimeSpan.FromHours(2);

    private static readonly TimeSpan _reopens = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _quietAfterRelapse = TimeSpan.FromMinutes(30);

    /// <summary>The group_interval of Alertmanager: checks that join within this time share a notification.</summary>
    private static readonly TimeSpan _betweenUpdates = TimeSpan.FromMinutes(5);

    /// <summary>Adds a run that was added to the rules.</summary>
    /// <param name="state">The state with the alerts after the run.</param>
    /// <param name="record">The run.</param>
    /// <param name="alerts">The alerts that the run triggered and resolved.</param>
    /// <returns>The events of incidents, in a fixed order.</returns>
    public List<IncidentChange> Advance(TrendState state, RunRecord record, IReadOnlyList<Alert> alerts)
    {
        var changes = new List<IncidentChange>();
        if (record.Maintenance || (state.Open.Count == 0 && state.Incidents.Count == 0))
        {
            return changes;
        }

        foreach (var incident in state.Incidents)
        {
            incident.Add(record);
        }

        OpenPages(state, record, alerts, changes);
        Tickets(state, record.Tick, changes);
        foreach (var incident in state.Incidents.Where(incident => incident.IsOpen))
        {
            Resolve(state, incident, record.Tick, changes);
            Update(incident, record.Tick, changes);
        }

        Forget(state);
        return changes;
    }

    private static void OpenPages(TrendState state, RunRecord record, IReadOnlyList<Alert> alerts, List<IncidentChange> changes)
    {
        if (alerts.FirstOrDefault(alert => alert is { Rule: AlertRule.MissingData, Resolved: null }) is { } missing)
        {
            Open(state, AffectedSystem.Recording, [missing], reason: null, missing.Triggered, record.Tick, changes);
        }

        if (record.Ok)
        {
            return;
        }

        var affected = new List<(AffectedSystem System, List<Alert> Alerts)>();
        foreach (var system in ActiveAlerts.Of(state, record).GroupBy(AffectedSystem.Of))
        {
            if (state.Incidents.Find(incident => incident is { IsOpen: true, IsPage: true } && incident.System.Covers(system.Key))
                is { } open)
            {
                Join(open, CheckSet.Of(system.Select(alert => alert.Check!.Value)));
            }
            else
            {
                affected.Add((system.Key, [.. system]));
            }
        }

        if (affected.Count > 1 && AllFail(record))
        {
            affected = [(AffectedSystem.Probe, [.. affected.SelectMany(system => system.Alerts)])];
        }

        foreach (var (system, active) in affected)
        {
            Open(state, system, active, ReasonOf(record, system), record.Tick, record.Tick, changes);
        }
    }

    /// <summary>Whether there are several systems and all of them fail.</summary>
    private static bool AllFail(RunRecord record) => record.Checks
        .GroupBy(check => AffectedSystem.Of(check.Series))
        .All(system => system.Any(check => !check.Ok));

    /// <summary>The most frequent reason of its checks; of several the one of the login, on which the other checks depend.</summary>
    private static Reason? ReasonOf(RunRecord record, AffectedSystem system) => record.Checks
        .Where(check => !check.Ok && system.Covers(AffectedSystem.Of(check.Series)))
        .GroupBy(check => check.Reason)
        .OrderByDescending(reason => reason.Count())
        .ThenByDescending(reason => reason.Any(check => check.Check == Check.Databases))
        .First().Key ?? Reason.Unknown;

    /// <summary>Opens an incident, or reopens the last one of the system.</summary>
    private static void Open(
        TrendState state,
        AffectedSystem system,
        IReadOnlyList<Alert> alerts,
        Reason? reason,
        DateTimeOffset lastFailure,
        DateTimeOffset tick,
        List<IncidentChange> changes)
    {
        var checks = CheckSet.Of(alerts.Select(alert => alert.Check).OfType<Check>());
        var severity = alerts.Max(alert => alert.Severity);
        var before = state.Incidents.FindLast(incident => incident.Incident.Severity == severity && incident.System.Covers(system));
        if (before is { IsOpen: true })
        {
            return;
        }

        var now = new IncidentState
        {
            Incident = IncidentOf(system, alerts, reason, before, tick),
            OpenedBy = alerts.MinBy(alert => (alert.Triggered, alert.Rule))!.Rule,
            LastFailure = lastFailure,
            LastSaid = tick,
        };
        var change = IncidentEvent.Opened;
        if (severity == Severity.Critical && before?.System == system && before.Incident.Resolved > tick - _reopens)
        {
            state.Incidents.Remove(before);
            now.Incident = before.Incident with
            {
                Checks = before.Incident.Checks.Union(checks),
                Resolved = null,
                Recovered = null,
                Notifications = before.Incident.Notifications + 1,
            };
            now.HasRelapsed = true;
            change = IncidentEvent.Updated;
        }

        state.Incidents.Add(now);
        Describe(now, change, tick, changes);
    }

    /// <summary>Adds a notification to the timeline of an incident and to the changes.</summary>
    private static void Describe(IncidentState incident, IncidentEvent change, DateTimeOffset tick, List<IncidentChange> changes)
    {
        incident.Incident = incident.Incident.With(new IncidentMoment(change, tick, incident.Incident.Checks));
        changes.Add(new IncidentChange(change, incident.Incident));
    }

    private static Incident IncidentOf(
        AffectedSystem system, IReadOnlyList<Alert> alerts, Reason? reason, IncidentState? before, DateTimeOffset tick)
    {
        // A window of hours may begin with the failures of another incident.
        var severity = alerts.Max(alert => alert.Severity);
        var started = alerts.Min(alert => alert.Since);
        started = started <= before?.Incident.Resolved ? alerts.Max(alert => alert.Since) : started;
        started = started <= before?.Incident.Resolved ? tick : started;
        return new Incident(
            system.IdOf(started, severity),
            system.Kind,
            system.Target,
            CheckSet.Of(alerts.Select(alert => alert.Check).OfType<Check>()),
            severity,
            started,
            Opened: tick,
            Notifications: 1,
            reason)
        {
            // The run that shows the missing ones was recorded itself.
            Recovered = system == AffectedSystem.Recording ? tick : null,
        };
    }

    private static void Join(IncidentState incident, CheckSet checks)
    {
        if (incident.Incident.Checks.Includes(checks))
        {
            return;
        }

        incident.Incident = incident.Incident with { Checks = incident.Incident.Checks.Union(checks) };
        incident.HasUnsaid = incident is { IsPage: true, System.IsProbe: false };
    }

    private static void Tickets(TrendState state, DateTimeOffset tick, List<IncidentChange> changes)
    {
        foreach (var system in state.Open.Where(alert => IsTicket(state, alert, tick)).GroupBy(AffectedSystem.Of).ToList())
        {
            if (state.Incidents.Find(incident => incident is { IsOpen: true, IsPage: false } && incident.System == system.Key) is { } open)
            {
                Join(open, CheckSet.Of(system.Select(alert => alert.Check!.Value)));
            }
            else if (!state.Incidents.Exists(incident =>
                incident.IsPage && incident.System.Covers(system.Key) && !(incident.Incident.Resolved < tick - _afterPage)))
            {
                var failing = state.Series.Find(series => series.Ok is false && AffectedSystem.Of(series.Series) == system.Key);
                Open(state, system.Key, [.. system], failing?.Reason, tick, tick, changes);
            }
        }
    }

    /// <summary>Whether a warning has been open for long enough, and no page has the same failures.</summary>
    private static bool IsTicket(TrendState state, Alert alert, DateTimeOffset tick) =>
        alert.Severity == Severity.Warning
        && alert.Triggered <= tick - _beforeTicket
        && (alert.Rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast
            || !state.Incidents.Exists(incident =>
                incident.IsPage && incident.System.Covers(AffectedSystem.Of(alert)) && Explains(incident, alert)));

    private static bool Explains(IncidentState page, Alert alert) =>
        alert.Triggered >= page.Incident.Started - _beforeTicket && !(alert.Since > page.Incident.Resolved + _afterPage);

    private void Resolve(TrendState state, IncidentState incident, DateTimeOffset tick, List<IncidentChange> changes)
    {
        if (incident.IsPage)
        {
            var quiet = incident.HasRelapsed ? windows.AtLeast(_quietAfterRelapse, 3) : windows.AtLeast(_quiet, 2);
            if (tick - incident.LastFailure < quiet || state.Open.Exists(alert => IsHeldBy(state, incident, alert, tick)))
            {
                return;
            }
        }
        else if (state.Open.Exists(alert => incident.System == AffectedSystem.Of(alert) && IsTicket(state, alert, tick)))
        {
            return;
        }

        incident.Incident = incident.Incident with { Resolved = tick };
        (incident.FailuresSince, incident.HasUnsaid) = (0, false);
        Describe(incident, IncidentEvent.Resolved, tick, changes);
    }

    /// <summary>
    /// Whether an alert keeps a page open. A window of 6 h holds failures for hours after their end, so <c>burn-slow</c> keeps a page open
    /// only where no shorter rule has opened it.
    /// </summary>
    private static bool IsHeldBy(TrendState state, IncidentState incident, Alert alert, DateTimeOffset tick) =>
        incident.System.Covers(AffectedSystem.Of(alert)) && alert.Rule switch
        {
            AlertRule.Unavailable => true,
            AlertRule.MissingData => incident.System == AffectedSystem.Recording,
            AlertRule.BurnFast => !ActiveAlerts.IsInhibited(state, alert, tick),
            AlertRule.BurnSlow => incident.OpenedBy == AlertRule.BurnSlow,
            _ => false,
        };

    private static void Update(IncidentState incident, DateTimeOffset tick, List<IncidentChange> changes)
    {
        if (incident is { IsOpen: true, HasUnsaid: true } && tick - incident.LastSaid >= _betweenUpdates)
        {
            incident.Incident = incident.Incident with { Notifications = incident.Incident.Notifications + 1 };
            (incident.LastSaid, incident.HasUnsaid) = (tick, false);
            Describe(incident, IncidentEvent.Updated, tick, changes);
        }
    }

    private static void Forget(TrendState state)
    {
        while (state.Incidents.Count > MaxIncidents && state.Incidents.Find(incident => !incident.IsOpen) is { } oldest)
        {
            state.Incidents.Remove(oldest);
        }
    }
}
