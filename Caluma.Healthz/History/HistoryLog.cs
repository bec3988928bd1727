using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>The events of the history's storage.</summary>
internal static partial class HistoryLog
{
    [LoggerMessage(EventId = EventIds.RecordsUnreadable, EventName = "HealthzRecordsUnreadable", Level = LogLevel.Warning,
        Message = "HealthzRecordsUnreadable lines={Lines} blob={Blob}")]
    public static partial void LinesUnreadable(ILogger logger, int lines, string blob);

    [LoggerMessage(EventId = EventIds.RollupRebuilt, EventName = "HealthzRollupRebuilt", Level = LogLevel.Warning,
        Message = "HealthzRollupRebuilt blob={Blob}")]
    public static partial void Rebuilt(ILogger logger, string blob);

    [LoggerMessage(EventId = EventIds.HistoryUnavailable, EventName = "HealthzHistoryUnavailable", Level = LogLevel.Warning,
        Message = "HealthzHistoryUnavailable reason={Reason}")]
    public static partial void Unavailable(ILogger logger, string reason);

    [LoggerMessage(EventId = EventIds.HistoryUnreadable, EventName = "HealthzHistoryUnreadable", Level = LogLevel.Warning,
        Message = "HealthzHistoryUnreadable reason={Reason} blob={Blob}")]
    public static partial void ItemUnreadable(ILogger logger, string reason, string blob);

    [LoggerMessage(EventId = EventIds.HistoryFolderUnusable, EventName = "HealthzHistoryFolderUnusable", Level = LogLevel.Warning,
        Message = "HealthzHistoryFolderUnusable reason={Reason} problem={Problem}")]
    public static partial void FolderUnusable(ILogger logger, string reason, string problem);
}
