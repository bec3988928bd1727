using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Checks.MediaStorage;

/// <summary>The events of the media storage check.</summary>
internal static partial class MediaStorageLog
{
    [LoggerMessage(EventId = EventIds.ObjectKept, EventName = "HealthzObjectKept", Level = LogLevel.Warning,
        Message = "HealthzObjectKept target={Target}: the storage keeps a version of the object of each run, because a lock or a missing "
            + "right (s3:DeleteObjectVersion, deleteBlobVersion/action) forbids to delete it. A rule of its life cycle can")]
    public static partial void ObjectKept(ILogger logger, string target);
}
