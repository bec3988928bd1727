namespace Caluma.Healthz;

/// <summary>
/// The ids of all events. Each constant is named like its event, without the prefix <c>Healthz</c>. Alerts key on the names; no id is ever
/// reused.
/// </summary>
internal static class EventIds
{
    public const int RunCompleted = 1;
    public const int CheckFailed = 2;
    public const int RunRecorded = 3;
    public const int RecordFailed = 4;
    public const int AlertFiring = 5;
    public const int AlertResolved = 6;
    public const int RetentionFailed = 7;
    public const int Exception = 8;
    public const int RunStarved = 9;
    public const int ConfigurationInvalid = 10;
    public const int ConfigurationRemark = 11;
    public const int Disabled = 12;
    public const int ObjectKept = 13;
    public const int IncidentOpened = 14;
    public const int IncidentUpdated = 15;
    public const int IncidentResolved = 16;
    public const int RuleCannotTrigger = 17;
    public const int IncidentRepeated = 18;
    public const int RecordsUnreadable = 20;
    public const int RollupRebuilt = 21;
    public const int HistoryUnavailable = 22;
    public const int HistoryUnreadable = 23;
    public const int HistoryFolderUnusable = 24;
    public const int NotificationSent = 30;
    public const int NotificationFailed = 31;
    public const int NotificationLost = 32;
    public const int TelemetryFailed = 33;
}
