namespace Caluma.Healthz.Trends;

/// <summary>The time of a trend.</summary>
/// <param name="Now">The current time.</param>
/// <param name="Horizon">The time after which ticks may still be recorded.</param>
internal readonly record struct Moment(DateTimeOffset Now, DateTimeOffset Horizon)
{
    /// <summary>How long after its timeout a run may take until it is recorded.</summary>
    private static readonly TimeSpan _untilRecorded = TimeSpan.FromSeconds(15);

    /// <summary>The current day, UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <param name="now">The current time.</param>
    /// <param name="timeout">The timeout of a run.</param>
    /// <param name="newest">The tick of the newest record, before which no more records will come; null before the first.</param>
    public static Moment At(DateTimeOffset now, TimeSpan timeout, DateTimeOffset? newest)
    {
        var horizon = now - timeout - _untilRecorded;
        return new Moment(now, newest is { } tick && tick >= horizon && tick <= now ? tick.AddTicks(1) : horizon);
    }
}
