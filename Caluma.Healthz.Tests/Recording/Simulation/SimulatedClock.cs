namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>The clock of a process, which may be wrong. Its timers fire as steps of the world.</summary>
internal sealed class SimulatedClock(SimulatedWorld world, SimulatedProcess? process) : TimeProvider
{
    /// <summary>How far ahead it is.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => world.Now + Skew;

    public override long GetTimestamp() => world.Now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(world, process, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedWorld world, SimulatedProcess? process, Action callback) : ITimer
    {
        /// <summary>Which of the times that it was set is the last one.</summary>
        private int _set;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var set = ++_set;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return true;
            }

            world.After(dueTime, process, () =>
            {
                if (set == _set)
                {
                    callback();
                    if (set == _set && period > TimeSpan.Zero && period != Timeout.InfiniteTimeSpan)
                    {
                        Change(period, period);
                    }
                }
            });
            return true;
        }

        public void Dispose() => _set++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
