using System.Collections.Concurrent;
using Caluma.Healthz.Checks;

namespace Caluma.Healthz.Runs;

/// <summary>
/// Tells a target that hangs from a process that has just started and had no time. On a quarter of a core, .NET may still be loading and
/// compiling what the first run needs when the timeout passes: that says nothing of the target, so it is no verdict.
/// </summary>
/// <remarks>
/// It is about targets that have not answered yet since the process started, and about no more than their first runs. A process that waits
/// for a target uses next to no processor time; one that was still at work in the second half of the timeout was not waiting.
/// </remarks>
/// <param name="cpuTime">The processor time of this process so far; null for what the system says.</param>
internal sealed class ColdStart(Func<TimeSpan>? cpuTime = null)
{
    /// <summary>The number of runs of a target after which the process counts as warm.</summary>
    private const int MaxRuns = 3;

    /// <summary>The share of a core from which a process counts as busy: less than half of a quarter of a core.</summary>
    private const double MinBusy = 0.1;

    private readonly Func<TimeSpan> _cpuTime = cpuTime ?? (() => Environment.CpuUsage.TotalTime);
    private readonly ConcurrentDictionary<IProbe, int> _runs = new(ReferenceEqualityComparer.Instance);

    /// <summary>Watches a run that may be one of the first.</summary>
    /// <param name="probe">What runs.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="time">The clock.</param>
    /// <returns>Null where the target has answered before, or had its first runs.</returns>
    public Watch? Begin(IProbe probe, TimeSpan timeout, TimeProvider time) =>
        _runs.GetOrAdd(probe, 0) < MaxRuns ? new Watch(this, probe, timeout, time) : null;

    /// <summary>One of the first runs of a target.</summary>
    internal sealed class Watch : IDisposable
    {
        private readonly ColdStart _owner;
        private readonly IProbe _probe;
        private readonly TimeSpan _timeout;
        private readonly TimeProvider _time;
        private readonly ITimer _timer;
        private readonly (long Time, TimeSpan Cpu) _start;
        private (long Time, TimeSpan Cpu)? _lastHalf;

        internal Watch(ColdStart owner, IProbe probe, TimeSpan timeout, TimeProvider time)
        {
            (_owner, _probe, _timeout, _time) = (owner, probe, timeout, time);
            _start = Sample();
            _timer = time.CreateTimer(_ => _lastHalf ??= Sample(), null, timeout / 2, Timeout.InfiniteTimeSpan);
        }

        /// <summary>Removes the verdict of a probe that timed out only because the process had no time.</summary>
        public IReadOnlyList<CheckResult> Correct(IReadOnlyList<CheckResult> results)
        {
            var ranOut = results.Where(RanOutOfTime).ToList();
            _owner._runs.AddOrUpdate(_probe, 1, (_, runs) => ranOut.Count < results.Count ? MaxRuns : runs + 1);
            return ranOut.Count > 0 && WasBusy()
                ? [.. results.Select(result => ranOut.Contains(result)
                    ? CheckResult.WithoutVerdict(result.Check, result.Target, result.Duration)
                    : result)]
                : results;
        }

        public void Dispose() => _timer.Dispose();

        /// <remarks>A refusal comes at once, so a connect failure after half of the timeout is a timeout of the client.</remarks>
        private bool RanOutOfTime(CheckResult result) => result.Reason is Reason.Timeout
            || (result.Reason is Reason.Connect && _time.GetElapsedTime(_start.Time) >= _timeout / 2);

        /// <remarks>Where not even the timer has had its turn, the process had no time at all.</remarks>
        private bool WasBusy()
        {
            if (_lastHalf is null && _time.GetElapsedTime(_start.Time) >= _timeout)
            {
                return true;
            }

            var (since, cpu) = _lastHalf ?? _start;
            return _owner._cpuTime() - cpu >= MinBusy * _time.GetElapsedTime(since);
        }

        private (long Time, TimeSpan Cpu) Sample() => (_time.GetTimestamp(), _owner._cpuTime());
    }
}
