namespace Caluma.Healthz.Checks;

/// <summary>
/// One run of one probe: what is wanted of it, how much time it has left, and what it has answered. Whatever is answered
/// when the run closes stands; what is missing then is a failure; what comes later is ignored.
/// </summary>
internal sealed class ProbeRun
{
    private readonly string _target;
    private readonly IReadOnlyList<Check> _wanted;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly Lock _lock = new();
    private readonly List<CheckResult> _results = [];
    private long _lastAnswer;
    private bool _closed;

    public ProbeRun(IProbe probe, CheckSet wanted, TimeSpan timeout, TimeProvider time)
    {
        _target = probe.Target;
        _wanted = [.. probe.Checks.Where(wanted.Contains)];
        _timeout = timeout;
        _time = time;
        _started = _lastAnswer = time.GetTimestamp();
    }

    /// <summary>Time left until the deadline, never negative.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var remaining = _timeout - _time.GetElapsedTime(_started);
            return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
        }
    }

    public bool Wants(Check check) => _wanted.Contains(check);

    public void Pass(Check check) => Answer([check], null);

    public void Fail(Check check, Reason reason) => Answer([check], reason);

    /// <summary>Ends the run.</summary>
    /// <param name="missing">Why what is wanted and not yet answered fails.</param>
    /// <returns>One result for each wanted check.</returns>
    public IReadOnlyList<CheckResult> Close(Reason missing)
    {
        lock (_lock)
        {
            Answer([.. _wanted.Except(_results.Select(result => result.Check))], missing);
            _closed = true;
            return _results;
        }
    }

    private void Answer(ReadOnlySpan<Check> checks, Reason? reason)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            var now = _time.GetTimestamp();
            foreach (var check in checks)
            {
                _results.Add(new CheckResult(check, _target, _time.GetElapsedTime(_lastAnswer, now), reason));
            }

            _lastAnswer = now;
        }
    }
}
