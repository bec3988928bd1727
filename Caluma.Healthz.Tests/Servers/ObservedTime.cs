using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Servers;

/// <summary>A clock that the test sets, and that shows which timers are set, so that the test can advance it at the right moment.</summary>
internal sealed class ObservedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Lock _lock = new();
    private readonly List<DateTimeOffset> _awaited = [];

    /// <summary>Waits until a number of timers were set for this moment.</summary>
    public Task UntilAwaitedAsync(DateTimeOffset moment, int times = 1) => Deadline.UntilAsync($"somebody waits for {moment:T}", () =>
    {
        lock (_lock)
        {
            return _awaited.Count(awaited => awaited == moment) >= times;
        }
    });

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        lock (_lock)
        {
            _awaited.Add(GetUtcNow() + dueTime);
        }

        return timer;
    }
}
