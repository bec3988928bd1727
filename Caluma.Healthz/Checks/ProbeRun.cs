using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Checks;

/// <summary>
/// One run of one probe: the wanted checks, the time that is left, and the answers. The time starts when the probe's work starts, so that a
/// busy process costs the target nothing. When the run closes, each missing answer is a failure; later answers are ignored.
/// </summary>
internal sealed class ProbeRun(IProbe probe, CheckSet wanted, TimeSpan timeout, TimeProvider time, ILogger logger)
{
    private readonly IReadOnlyList<Check> _wanted = [.. probe.Checks.Where(wanted.Contains)];
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<CheckResult> _results = [];
    private long _started = time.GetTimestamp();
    private long _lastAnswer;
    private bool _closed;

    public IProbe Probe => probe;

    public ILogger Logger => logger;

    /// <summary>Completes when the work starts.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The time left until the deadline, never negative; the whole timeout before the work starts.</summary>
    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                var remaining = Begun.IsCompleted ? timeout - time.GetElapsedTime(_started) : timeout;
                return remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Starts the clock.</summary>
    /// <returns>False where the run has been closed already.</returns>
    public bool TryBegin()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _started = _lastAnswer = time.GetTimestamp();
            _begun.SetResult();
            return true;
        }
    }

    public bool Wants(Check check) => _wanted.Contains(check);

    public void Pass(Check check) => Answer([check], null);

    public void Fail(Check check, Reason reason) => Answer([check], reason);

    /// <summary>Answers a check: with a reason where it failed, null where it passed.</summary>
    public void Answer(Check check, Reason? reason) => Answer([check], reason);

    /// <summary>Classifies and logs an exception that ends here.</summary>
    public Reason Explain(Exception exception) => Explain(exception, probe.ReasonFor(exception));

    /// <inheritdoc cref="Explain(Exception)"/>
    public Reason Explain(Exception exception, Reason reason)
    {
        ExceptionLog.Write(logger, exception, reason, $"{string.Join(", ", probe.Checks.Select(check => check.Token()))} {probe.Target}");
        return reason;
    }

    /// <summary>Ends the run.</summary>
    /// <param name="missing">The reason of the checks that have no answer yet.</param>
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

    /// <summary>Ends a run whose work has not started.</summary>
    /// <returns>One result for each wanted check, without a verdict; null where the work has started.</returns>
    public IReadOnlyList<CheckResult>? CloseBeforeItBegins()
    {
        lock (_lock)
        {
            if (Begun.IsCompleted)
            {
                return null;
            }

            _closed = true;
            return [.. _wanted.Select(check => CheckResult.WithoutVerdict(check, probe.Target, time.GetElapsedTime(_started)))];
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

            var now = time.GetTimestamp();
            foreach (var check in checks)
            {
                _results.Add(new CheckResult(check, probe.Target, time.GetElapsedTime(_lastAnswer, now), reason));
            }

            _lastAnswer = now;
        }
    }
}
