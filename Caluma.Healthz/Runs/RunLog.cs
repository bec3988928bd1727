using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Runs;

/// <summary>
/// The events of a run. Alert rules key on their names. Every value is in the message as <c>key=value</c>, because the Functions host
/// relays only the message of an isolated worker's events.
/// </summary>
internal static partial class RunLog
{
    public static void Write(ILogger logger, RunReport report)
    {
        foreach (var result in report.Results)
        {
            if (result.Reason is { } reason)
            {
                CheckFailed(logger, result.Check.Token(), result.Target, reason.Code(), Milliseconds(result.Duration));
            }
        }

        var withoutVerdict = report.Results.Count(result => !result.HasVerdict);
        if (withoutVerdict > 0)
        {
            RunStarved(logger, report.Results.Count, withoutVerdict, Milliseconds(report.Duration));
        }

        var failed = report.Results.Count(result => result.Reason is not null);
        RunCompleted(logger, report.Ok ? "true" : "false", report.Results.Count, failed, Milliseconds(report.Duration));
    }

    private static long Milliseconds(TimeSpan duration) => (long)duration.TotalMilliseconds;

    [LoggerMessage(EventId = EventIds.RunCompleted, EventName = "HealthzRunCompleted", Level = LogLevel.Information,
        Message = "HealthzRunCompleted ok={Ok} results={Results} failed={Failed} durationMs={DurationMs}")]
    private static partial void RunCompleted(ILogger logger, string ok, int results, int failed, long durationMs);

    [LoggerMessage(EventId = EventIds.CheckFailed, EventName = "HealthzCheckFailed", Level = LogLevel.Warning,
        Message = "HealthzCheckFailed check={Check} reason={Reason} durationMs={DurationMs} target={Target}")]
    private static partial void CheckFailed(ILogger logger, string check, string target, string reason, long durationMs);

    /// <remarks>A shortage in the probe's own process, and no failure of a target.</remarks>
    [LoggerMessage(EventId = EventIds.RunStarved, EventName = "HealthzRunStarved", Level = LogLevel.Warning,
        Message = "HealthzRunStarved results={Results} withoutVerdict={WithoutVerdict} durationMs={DurationMs}")]
    private static partial void RunStarved(ILogger logger, int results, int withoutVerdict, long durationMs);
}
