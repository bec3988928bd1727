using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Stands in for the logs of History/ and Trends/ until they are here; <see cref="LoggedEvents"/> alone uses it.</summary>
internal static partial class Awaited
{
    private const string Alert = "rule={Rule} severity={Severity} since={Since:O} check={Check} target={Target}";

    [LoggerMessage(
        EventName = "HealthzRunRecorded",
        Level = LogLevel.Information,
        Message = "HealthzRunRecorded tick={Tick:O} records={Records} late={Late} calls={Calls}")]
    public static partial void RunRecorded(ILogger logger, DateTimeOffset tick, int records, string late, int calls);

    [LoggerMessage(EventName = "HealthzRecordFailed", Message = "HealthzRecordFailed reason={Reason} pending={Pending} lost={Lost}")]
    public static partial void RecordFailed(ILogger logger, LogLevel level, string reason, int pending, int lost);

    [LoggerMessage(EventName = "HealthzAlertFiring", Message = $"HealthzAlertFiring {Alert}")]
    public static partial void AlertFiring(
        ILogger logger, LogLevel level, string rule, string severity, DateTimeOffset since, string check, string target);

    [LoggerMessage(EventName = "HealthzAlertResolved", Level = LogLevel.Information, Message = $"HealthzAlertResolved {Alert}")]
    public static partial void AlertResolved(
        ILogger logger, string rule, string severity, DateTimeOffset since, string check, string target);
}
