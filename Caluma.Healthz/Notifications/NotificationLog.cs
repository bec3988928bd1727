using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Notifications;

/// <summary>The events of deliveries. Every value is in the message, as in all events.</summary>
internal static partial class NotificationLog
{
    [LoggerMessage(EventId = EventIds.NotificationSent, EventName = "HealthzNotificationSent", Level = LogLevel.Information,
        Message = "HealthzNotificationSent channel={Channel} event={Event} id={Id}")]
    public static partial void Sent(ILogger logger, string channel, string @event, string id);

    [LoggerMessage(EventId = EventIds.NotificationFailed, EventName = "HealthzNotificationFailed", Level = LogLevel.Warning,
        Message = "HealthzNotificationFailed channel={Channel} reason={Reason} pending={Pending}")]
    public static partial void Failed(ILogger logger, string channel, string reason, int pending);

    [LoggerMessage(EventId = EventIds.NotificationLost, EventName = "HealthzNotificationLost", Level = LogLevel.Error,
        Message = "HealthzNotificationLost channel={Channel} event={Event} id={Id}")]
    public static partial void Lost(ILogger logger, string channel, string @event, string id);
}
