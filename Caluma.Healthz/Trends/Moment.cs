namespace Caluma.Healthz.Trends;

/// <summary>When a trend is looked at.</summary>
/// <param name="Now">The time.</param>
/// <param name="Horizon">What comes after this may still be recorded.</param>
internal readonly record struct Moment(DateTimeOffset Now, DateTimeOffset Horizon)
{
    /// <summary>What a run needs beyond its timeout until it is recorded.</summary>
    private static readonly TimeSpan _untilRecorded = TimeSpan.FromSeconds(15);

    /// <summary>The day of it, UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <param name="now">The time.</param>
    /// <param name="timeout">Of a run.</param>
    /// <param name="newest">The tick of the newest record, before which nothing more will be recorded; null before the first.</param>
    public static Moment At(DateTimeOffset now, TimeSpan timeout, DateTimeOffset? newest)
    {
        var horizon = now - timeout - _untilRecorded;
        return new Moment(now, newest is { } tick && tick >= horizon && tick <= now ? tick.AddTicks(1) : horizon);
    }
}
