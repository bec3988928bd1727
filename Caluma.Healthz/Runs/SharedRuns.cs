using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Runs;

/// <summary>
/// Single flight: callers that arrive during a run share it, and callers within the minimal interval after it get its report,
/// so that any number of callers costs the backends one run.
/// </summary>
/// <param name="runner">Runs the checks.</param>
/// <param name="options">The timeout, for a run once its work has started and for its start; the minimal interval.</param>
/// <param name="time">The clock.</param>
/// <param name="metrics">Counts the answers that cost no run.</param>
internal sealed class SharedRuns(IRunner runner, HealthzOptions options, TimeProvider time, RunMetrics metrics)
{
    /// <summary>The time to hand over the report of a run that ends at the timeout; the answer must be sent within 0.5 s.</summary>
    private static readonly TimeSpan _handover = TimeSpan.FromSeconds(0.25);

    private readonly Lock _lock = new();
    private readonly Dictionary<CheckSet, Flight> _underWay = [];
    private readonly Dictionary<CheckSet, (RunReport Report, long Ended)> _latest = [];

    /// <summary>The report of a fresh, a current or a new run of <paramref name="checks"/>.</summary>
    /// <remarks>
    /// The report of a fresh run with more checks serves as well. A run in progress does not: a request for the databases alone must not
    /// wait for a media storage that hangs.
    /// </remarks>
    /// <exception cref="OperationCanceledException">This caller left; the run goes on for the others.</exception>
    public async Task<SharedReport> GetAsync(CheckSet checks, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        Flight? flight;
        lock (_lock)
        {
            if (Find(checks) is { } fresh)
            {
                return fresh;
            }

            if (_underWay.TryGetValue(checks, out flight))
            {
                metrics.CountSharedAnswer();
            }
            else
            {
                var started = flight = new Flight();
                _underWay.Add(checks, flight);
                flight.Run = Task.Run(() => RunAsync(checks, started), CancellationToken.None);
            }
        }

        try
        {
            // A caller's time starts with the work, too, so that a busy process counts as no timeout of a target.
            await flight.Begun.WaitAsync(options.Timeout + _handover, time, cancellationToken);
            return new SharedReport(await flight.Run.WaitAsync(options.Timeout + _handover, time, cancellationToken), TimeSpan.Zero);
        }
        catch (TimeoutException)
        {
            // The process has no time for the run. This caller gets its answer at its deadline; the next one starts a new run.
            Complete(checks, flight);
            return new SharedReport(flight.GiveUp(() => runner.Unanswered(checks, time.GetElapsedTime(asked))), TimeSpan.Zero);
        }
    }

    /// <summary>The report of a run that has just ended; null where a caller has to wait for one.</summary>
    public SharedReport? Find(CheckSet checks)
    {
        lock (_lock)
        {
            var fresh = Fresh(checks);
            if (fresh is not null)
            {
                metrics.CountSharedAnswer();
            }

            return fresh;
        }
    }

    private async Task<RunReport> RunAsync(CheckSet checks, Flight flight)
    {
        try
        {
            var report = await runner.RunAsync(checks, flight.Begin, CancellationToken.None);
            lock (_lock)
            {
                // A run that was given up is too old to count as fresh, although it ends only now.
                if (_underWay.GetValueOrDefault(checks) == flight)
                {
                    _latest[checks] = (report, time.GetTimestamp());
                }
            }

            return report;
        }
        finally
        {
            Complete(checks, flight);
            flight.Begin();
        }
    }

    private void Complete(CheckSet checks, Flight flight)
    {
        lock (_lock)
        {
            if (_underWay.GetValueOrDefault(checks) == flight)
            {
                _underWay.Remove(checks);
            }
        }
    }

    private SharedReport? Fresh(CheckSet checks)
    {
        SharedReport? freshest = null;
        foreach (var (covered, (report, ended)) in _latest)
        {
            var age = time.GetElapsedTime(ended);
            if (covered.Includes(checks) && age <= options.MinInterval && age < (freshest?.Age ?? TimeSpan.MaxValue))
            {
                freshest = new SharedReport(report.Only(checks), age);
            }
        }

        return freshest;
    }

    private sealed class Flight
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private RunReport? _givenUp;

        public Task<RunReport> Run { get; set; } = null!;

        /// <summary>Completes when the work has started.</summary>
        public Task Begun => _begun.Task;

        public void Begin() => _begun.TrySetResult();

        /// <summary>One answer for all callers that give the run up, so that it is logged once.</summary>
        public RunReport GiveUp(Func<RunReport> unanswered)
        {
            lock (_lock)
            {
                return _givenUp ??= unanswered();
            }
        }
    }
}
