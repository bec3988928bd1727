using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Makes incidents of alerts, so that people get one notification for one trouble (grouping and inhibition in Alertmanager,
/// https://prometheus.io/docs/alerting/latest/alertmanager/). The only time is that of the records, as in <see cref="AlertEngine"/>, after
/// which it is called with the same state.
/// <list type="bullet">
/// <item>Critical alerts of one system are one incident, a page: it opens with a failing run and an alert that is active (see
/// <see cref="ActiveAlerts"/>), and later alerts of the system join it. Where all systems fail at once, it is that of the probe.</item>
/// <item>Systems of one kind that fail within the same run are one incident. A system of that kind that fails soon after joins it.</item>
/// <item>Warnings of one system that no page explains are one incident, a ticket.</item>
/// </list>
/// </summary>
internal sealed class IncidentEngine(RuleWindows windows)
{
    /// <summary>The maximum number in a state, which is written with each run. Beyond it the oldest resolved ones are forgotten.</summary>
    private const int MaxIncidents = 100;

    /// <summary>How long a warning must be open to make a ticket: if it becomes critical meanwhile, only a page is opened.</summary>
    private static readonly TimeSpan _beforeTicket = TimeSpan.FromMinutes(30);

    /// <summary>How long after a page no ticket is opened: hourly values still include its failures.</summary>
    private static readonly TimeSpan _afterPage = TimeSpan.FromHours(2);

    /// <summary>How long after the last system another one of its kind may join: a rolling restart is one incident.</summary>
    private static readonly TimeSpan _joinsPage = TimeSpan.FromMinutes(30), _joinsTicket = TimeSpan.FromHours(6);

    /// <summary>A page that follows this soon after the end of one of its system reopens it.</summary>
    private static readonly TimeSpan _reopensWithin = TimeSpan.FromMinutes(30);

    /// <summary>How long after the last failure a page is resolved.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(10), _quietAfterRelapse = TimeSpan.FromMinutes(30);

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
            Open(state, new AffectedSystems([AffectedSystem.Recording], [missing]), reason: null, missing.Triggered, record.Tick, changes);
        }

        if (record.Ok)
        {
            return;
        }

        var affected = new List<AffectedSystems>();
        foreach (var system in AffectedSystems.Of(ActiveAlerts.Of(state, record)))
        {
            if (state.Incidents.Find(incident => incident is { IsOpen: true, IsPage: true } && incident.Incident.Covers(system.System))
                is { } open)
            {
                open.Join(system, record.Tick);
            }
            else
            {
                affected.Add(system);
            }
        }

        if (affected.Count > 1 && AllFail(record))
        {
            affected = [new AffectedSystems([AffectedSystem.Probe], AffectedSystems.Merge(affected).Alerts)];
        }

        foreach (var together in AffectedSystems.MergeByCause(affected, record))
        {
            if (FindToJoin(state, together, record.Tick, isPage: true) is { } open)
            {
                open.Join(together, record.Tick);
            }
            else
            {
                Open(state, together, together.ReasonIn(record), record.Tick, record.Tick, changes);
            }
        }
    }

    /// <summary>The open incident of the same kind that was opened, or that a system joined, a short time ago.</summary>
    private static IncidentState? FindToJoin(TrendState state, AffectedSystems affected, DateTimeOffset tick, bool isPage) =>
        state.Incidents.Find(incident =>
            incident.IsOpen
            && incident.IsPage == isPage
            && incident.Joined >= tick - (isPage ? _joinsPage : _joinsTicket)
            && affected.Systems.All(system => system.CanJoin(incident.System)));

    /// <summary>Whether each system has a failing check.</summary>
    private static bool AllFail(RunRecord record) => record.Checks
        .GroupBy(check => AffectedSystem.Of(check.Series))
        .All(system => system.Any(check => !check.Ok));

    /// <summary>Opens an incident, or reopens the last one of the system.</summary>
    private static void Open(
        TrendState state, AffectedSystems affected, Reason? reason, DateTimeOffset lastFailure, DateTimeOffset tick,
        List<IncidentChange> changes)
    {
        var (system, alerts) = (affected.System, affected.Alerts);
        var severity = alerts.Max(alert => alert.Severity);
        var before = state.Incidents.FindLast(incident =>
            incident.Incident.Severity == severity && affected.Systems.Any(incident.Incident.Covers));
        if (before is { IsOpen: true })
        {
            return;
        }

        var now = new IncidentState
        {
            Incident = IncidentOf(state, affected, reason, before, tick),
            OpenedBy = alerts.MinBy(alert => (alert.Triggered, alert.Rule))!.Rule,
            LastFailure = lastFailure,
            NotifiedAt = tick,
        };
        var change = IncidentEvent.Opened;
        if (severity == Severity.Critical && before?.System.IsProbe == system.IsProbe && before.Incident.Resolved > tick - _reopensWithin)
        {
            state.Incidents.Remove(before);
            now.Incident = before.Incident.With(affected) with
            {
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
        incident.NotifiedSystems = incident.Incident.Count;
        changes.Add(new IncidentChange(change, incident.Incident));
    }

    private static Incident IncidentOf(
        TrendState state, AffectedSystems affected, Reason? reason, IncidentState? before, DateTimeOffset tick)
    {
        var (system, alerts) = (affected.System, affected.Alerts);

        // A window of hours may begin with the failures of another incident.
        var severity = alerts.Max(alert => alert.Severity);
        var started = alerts.Min(alert => alert.Since);
        started = started <= before?.Incident.Resolved ? alerts.Max(alert => alert.Since) : started;
        var id = system.IdOf(started, severity);
        if (started <= before?.Incident.Resolved || state.Incidents.Exists(other => other.Incident.Id == id))
        {
            started = tick;
        }

        return new Incident(
            system.IdOf(started, severity),
            system.Kind,
            system.Target,
            affected.Checks,
            severity,
            started,
            Opened: tick,
            Notifications: 1,
            reason)
        {
            // The run that shows the missing ones was recorded itself.
            Recovered = system == AffectedSystem.Recording ? tick : null,
            Members = system.IsGroup ? affected.Systems : null,
        };
    }

    private static void Tickets(TrendState state, DateTimeOffset tick, List<IncidentChange> changes)
    {
        var affected = new List<AffectedSystems>();
        foreach (var system in AffectedSystems.Of(state.Open.Where(alert => IsTicket(state, alert, tick))))
        {
            if (state.Incidents.Find(incident => incident is { IsOpen: true, IsPage: false } && incident.Incident.Covers(system.System))
                is { } open)
            {
                open.Join(system, tick);
            }
            else if (!state.Incidents.Exists(incident =>
                incident.IsPage && incident.Incident.Covers(system.System) && !(incident.Incident.Resolved < tick - _afterPage)))
            {
                affected.Add(system);
            }
        }

        foreach (var together in affected.GroupBy(system => system.System.Kind).Select(AffectedSystems.Merge))
        {
            if (FindToJoin(state, together, tick, isPage: false) is { } open)
            {
                open.Join(together, tick);
            }
            else
            {
                var failing = state.Series.Find(series =>
                    series.Ok is false && together.Systems.Contains(AffectedSystem.Of(series.Series)));
                Open(state, together, failing?.Reason, tick, tick, changes);
            }
        }
    }

    /// <summary>Whether a warning has been open for long enough, and no page has the same failures.</summary>
    private static bool IsTicket(TrendState state, Alert alert, DateTimeOffset tick) =>
        alert.Severity == Severity.Warning
        && alert.Triggered <= tick - _beforeTicket
        && (alert.Rule is AlertRule.LatencyDrift or AlertRule.TimeoutForecast
            || !state.Incidents.Exists(incident =>
                incident.IsPage && incident.Incident.Covers(AffectedSystem.Of(alert)) && Explains(incident, alert)));

    private static bool Explains(IncidentState page, Alert alert) =>
        alert.Triggered >= page.Incident.Started - _beforeTicket && !(alert.Since > page.Incident.Resolved + _afterPage);

    private void Resolve(TrendState state, IncidentState incident, DateTimeOffset tick, List<IncidentChange> changes)
    {
        if (incident.IsPage)
        {
            var quiet = incident.HasRelapsed ? windows.AtLeast(_quietAfterRelapse, 6) : windows.AtLeast(_quiet, 2);
            if (tick - incident.LastFailure < quiet || state.Open.Exists(alert => IsHeldBy(state, incident, alert, tick)))
            {
                return;
            }
        }
        else if (state.Open.Exists(alert => incident.Incident.Covers(AffectedSystem.Of(alert)) && IsTicket(state, alert, tick)))
        {
            return;
        }

        incident.Incident = incident.Incident with { Resolved = tick };
        (incident.FailuresSince, incident.NeedsUpdate) = (0, false);
        Describe(incident, IncidentEvent.Resolved, tick, changes);
    }

    /// <summary>
    /// Whether an alert keeps a page open. A window of 6 h holds failures for hours after their end, so <c>burn-slow</c> keeps a page open
    /// only where no shorter rule has opened it.
    /// </summary>
    private static bool IsHeldBy(TrendState state, IncidentState incident, Alert alert, DateTimeOffset tick) =>
        incident.Incident.Covers(AffectedSystem.Of(alert)) && alert.Rule switch
        {
            AlertRule.Unavailable => true,
            AlertRule.MissingData => incident.System == AffectedSystem.Recording,
            AlertRule.BurnFast => !ActiveAlerts.IsInhibited(state, alert, tick),
            AlertRule.BurnSlow => incident.OpenedBy == AlertRule.BurnSlow,
            _ => false,
        };

    private static void Update(IncidentState incident, DateTimeOffset tick, List<IncidentChange> changes)
    {
        if (incident is { IsOpen: true, NeedsUpdate: true } && tick - incident.NotifiedAt >= _betweenUpdates)
        {
            incident.Incident = incident.Incident with { Notifications = incident.Incident.Notifications + 1 };
            (incident.NotifiedAt, incident.NeedsUpdate) = (tick, false);
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
