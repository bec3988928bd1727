using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// The events of recording. Alert rules key on their names. Every value is in the message as <c>key=value</c>, the target last because it
/// may hold spaces: the Functions host relays only the message of an isolated worker's events.
/// </summary>
internal static partial class RecordingLog
{
    private const string None = "-";

    public static void Changed(ILogger logger, Alert alert)
    {
        var (rule, severity, since) = (alert.Rule.Name(), alert.Severity.Name(), UtcJsonConverter.Format(alert.Since));
        var (check, target) = (alert.Check?.Token() ?? None, alert.Target ?? None);
        if (alert.Resolved is not null)
        {
            AlertResolved(logger, rule, severity, since, check, target);
        }
        else
        {
            AlertFiring(logger, LevelOf(alert.Severity), rule, severity, since, check, target);
        }
    }

    public static void Changed(ILogger logger, IncidentChange change)
    {
        var incident = change.Incident;
        var (level, severity) = (LevelOf(incident.Severity), incident.Severity.Name());
        var (started, opened) = (UtcJsonConverter.Format(incident.Started), UtcJsonConverter.Format(incident.Opened));
        var checks = TokensOf(incident.Checks);
        var (id, system, target, next) = (incident.Id, incident.System, incident.Target, incident.Next);
        var reason = incident.Reason?.Code() ?? None;
        var at = UtcJsonConverter.Format(incident.Timeline[^1].Tick);
        switch (change.Event)
        {
            case IncidentEvent.Opened:
                IncidentOpened(logger, level, at, id, system, severity, started, opened, reason, checks, next, target);
                break;
            case IncidentEvent.Updated:
                IncidentUpdated(logger, level, at, id, system, severity, started, opened, reason, checks, next, target);
                break;
            default:
                IncidentResolved(logger, at, id, system, severity, started, opened, reason, checks, next, target);
                break;
        }
    }

    /// <summary>Logs an event of an incident again, with the values that it had.</summary>
    public static void Repeated(ILogger logger, Incident incident, IncidentMoment said) => IncidentRepeated(
        logger,
        said.Event switch
        {
            IncidentEvent.Opened => "HealthzIncidentOpened",
            IncidentEvent.Updated => "HealthzIncidentUpdated",
            _ => "HealthzIncidentResolved",
        },
        UtcJsonConverter.Format(said.Tick),
        incident.Id,
        incident.System,
        incident.Severity.Name(),
        UtcJsonConverter.Format(incident.Started),
        UtcJsonConverter.Format(incident.Opened),
        incident.Reason?.Code() ?? None,
        TokensOf(said.Checks),
        incident.Next,
        incident.Target);

    /// <summary>Logs that a rule can never trigger with these settings.</summary>
    public static void CannotTrigger(ILogger logger, SilentRule rule) => RuleCannotTrigger(logger, rule.Rule.Name(), rule.Reason);

    public static void Recorded(ILogger logger, RunRecord record, int records, long calls) =>
        RunRecorded(logger, UtcJsonConverter.Format(record.Tick), records, record.Late ? "true" : "false", calls);

    /// <param name="logger">The log.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="failed">What could not be written: the record, the alerts or the rollups.</param>
    /// <param name="pending">The number of records in memory, which are written with the next one.</param>
    /// <param name="lost">The number of records that are given up.</param>
    public static void Failed(ILogger logger, Reason reason, string failed, int pending, int lost) =>
        RecordFailed(logger, lost > 0 ? LogLevel.Error : LogLevel.Warning, reason.Code(), failed, pending, lost);

    [LoggerMessage(EventId = EventIds.RunRecorded, EventName = "HealthzRunRecorded", Level = LogLevel.Information,
        Message = "HealthzRunRecorded tick={Tick} records={Records} late={Late} calls={Calls}")]
    private static partial void RunRecorded(ILogger logger, string tick, int records, string late, long calls);

    [LoggerMessage(EventId = EventIds.RecordFailed, EventName = "HealthzRecordFailed",
        Message = "HealthzRecordFailed reason={Reason} failed={Failed} pending={Pending} lost={Lost}")]
    private static partial void RecordFailed(ILogger logger, LogLevel level, string reason, string failed, int pending, int lost);

    [LoggerMessage(EventId = EventIds.AlertFiring, EventName = "HealthzAlertFiring",
        Message = "HealthzAlertFiring rule={Rule} severity={Severity} since={Since} check={Check} target={Target}")]
    private static partial void AlertFiring(
        ILogger logger, LogLevel level, string rule, string severity, string since, string check, string target);

    [LoggerMessage(EventId = EventIds.AlertResolved, EventName = "HealthzAlertResolved", Level = LogLevel.Information,
        Message = "HealthzAlertResolved rule={Rule} severity={Severity} since={Since} check={Check} target={Target}")]
    private static partial void AlertResolved(ILogger logger, string rule, string severity, string since, string check, string target);

    [LoggerMessage(EventId = EventIds.IncidentOpened, EventName = "HealthzIncidentOpened",
        Message = "HealthzIncidentOpened at={At} id={Id} system={System} severity={Severity} started={Started} opened={Opened} "
            + "reason={Reason} checks={Checks} next={Next} target={Target}")]
    private static partial void IncidentOpened(
        ILogger logger, LogLevel level, string at, string id, string system, string severity, string started, string opened,
        string reason, string checks, string next, string target);

    [LoggerMessage(EventId = EventIds.IncidentUpdated, EventName = "HealthzIncidentUpdated",
        Message = "HealthzIncidentUpdated at={At} id={Id} system={System} severity={Severity} started={Started} opened={Opened} "
            + "reason={Reason} checks={Checks} next={Next} target={Target}")]
    private static partial void IncidentUpdated(
        ILogger logger, LogLevel level, string at, string id, string system, string severity, string started, string opened,
        string reason, string checks, string next, string target);

    [LoggerMessage(EventId = EventIds.IncidentResolved, EventName = "HealthzIncidentResolved", Level = LogLevel.Information,
        Message = "HealthzIncidentResolved at={At} id={Id} system={System} severity={Severity} started={Started} opened={Opened} "
            + "reason={Reason} checks={Checks} next={Next} target={Target}")]
    private static partial void IncidentResolved(
        ILogger logger, string at, string id, string system, string severity, string started, string opened,
        string reason, string checks, string next, string target);

    [LoggerMessage(EventId = EventIds.IncidentRepeated, EventName = "HealthzIncidentRepeated", Level = LogLevel.Information,
        Message = "HealthzIncidentRepeated event={Repeated} at={At} id={Id} system={System} severity={Severity} started={Started} "
            + "opened={Opened} reason={Reason} checks={Checks} next={Next} target={Target}")]
    private static partial void IncidentRepeated(
        ILogger logger, string repeated, string at, string id, string system, string severity, string started, string opened,
        string reason, string checks, string next, string target);

    [LoggerMessage(EventId = EventIds.RuleCannotTrigger, EventName = "HealthzRuleCannotTrigger", Level = LogLevel.Warning,
        Message = "HealthzRuleCannotTrigger rule={Rule} reason={Reason}")]
    private static partial void RuleCannotTrigger(ILogger logger, string rule, string reason);

    [LoggerMessage(EventId = EventIds.RetentionFailed, EventName = "HealthzRetentionFailed", Level = LogLevel.Warning,
        Message = "HealthzRetentionFailed reason={Reason}")]
    public static partial void RetentionFailed(ILogger logger, string reason);

    private static string TokensOf(CheckSet checks) =>
        checks.IsEmpty ? None : string.Join(',', checks.Members.Select(check => check.Token()));

    private static LogLevel LevelOf(Severity severity) => severity == Severity.Critical ? LogLevel.Error : LogLevel.Warning;
}
