namespace Caluma.Healthz.Tests.Endurance;

/// <summary>
/// A clock that shows what it is told, while timers and time stamps are those of the machine: a minute of the schedule passes with each
/// run, and a server that hangs is given up as ever.
/// </summary>
internal sealed class EnduranceClock(DateTimeOffset start) : TimeProvider
{
    private long _now = start.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _now), TimeSpan.Zero);

    public void Set(DateTimeOffset now) => Interlocked.Exchange(ref _now, now.UtcTicks);
}
