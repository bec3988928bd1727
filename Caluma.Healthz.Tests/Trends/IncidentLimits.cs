using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// What the next run, at <see cref="Now"/>, does to incidents and alerts of which each time is given: no story reaches all limits.
/// </summary>
public abstract class IncidentLimits
{
    private protected const string Now = "18:00";

    private static readonly IncidentEngine _engine = new(new RuleWindows(new HealthzOptions()));

    private protected TrendState State { get; } = new();

    private protected IReadOnlyList<Incident> Incidents => [.. State.Incidents.Select(incident => incident.Incident)];

    private protected static RunRecord Passing => Runs.At(Now, Runs.Passed(Check.Databases, "default"));

    private protected static RunRecord Failing => Runs.At(
        Now, Runs.Failed(Check.Databases, "default"), Runs.Passed(Check.DatabaseModels, "default"), Runs.Passed(Check.Caches, "default"));

    private protected static Incident Database(
        string started, string? resolved = null, string target = "default", Severity severity = Severity.Critical)
    {
        var system = new AffectedSystem("database", target);
        return new Incident(
            system.IdOf(Story.At(started), severity), system.Kind, system.Target, CheckSet.Of(Check.Databases), severity,
            Story.At(started), Story.At(started), 1, Reason.Connect, resolved is null ? null : Story.At(resolved));
    }

    private protected static Incident Ticket(string started, string? resolved = null, string target = "default") =>
        Database(started, resolved, target, Severity.Warning);

    /// <summary>The state of an incident since it was opened.</summary>
    private protected static IncidentState StateOf(Incident incident) => new()
    {
        Incident = incident,
        OpenedBy = AlertRule.Unavailable,
        LastFailure = incident.Opened,
        NotifiedAt = incident.Opened,
        NotifiedSystems = 1,
    };

    private protected void Has(params IEnumerable<Incident> incidents) => State.Incidents.AddRange(incidents.Select(StateOf));

    private protected void HasAlert(
        AlertRule rule, string triggered, string? since = null, string target = "default", Check check = Check.Databases) =>
        State.Open.Add(new Alert(rule, Story.At(since ?? triggered), check, target) { Triggered = Story.At(triggered) });

    private protected IReadOnlyList<string> Advance(RunRecord record, params IReadOnlyList<Alert> alerts) =>
        [.. _engine.Advance(State, record, alerts).Select(change => $"{change.Event.Name()} {change.Incident.Id}")];
}
