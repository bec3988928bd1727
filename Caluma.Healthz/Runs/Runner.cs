using System.Collections.Concurrent;
using Caluma.Healthz.Checks;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Runs;

/// <summary>
/// Runs the probes in parallel, each raced against the timeout. A probe that ignores its token is abandoned, and its task observed.
/// </summary>
internal sealed class Runner(
    IReadOnlyList<IProbe> probes, TimeSpan timeout, TimeProvider time,
    RunMetrics metrics, ILogger<Runner> logger, TaskScheduler? scheduler = null, ColdStart? coldStart = null,
    NameLookups? nameLookups = null)
    : IRunner, IAsyncDisposable
{
    /// <summary>The maximum of targets at a time: each holds a connection, and small function instances have few.</summary>
    private const int MaxParallel = 32;

    /// <summary>
    /// The maximum of runs of one target that never end, each of which may hold a thread: Npgsql reads as long as a server sends,
    /// https://github.com/npgsql/npgsql/blob/v10.0.3/src/Npgsql/Internal/NpgsqlReadBuffer.cs (Ensure starts the timeout anew).
    /// </summary>
    private const int MaxLost = 2;

    /// <summary>How long a run may clean up after its timeout. After that it counts as one that never ends.</summary>
    private static readonly TimeSpan _cleanupTime = TimeSpan.FromMinutes(1);

    private readonly NameLookups _names = nameLookups ?? new NameLookups();

    private readonly ConcurrentDictionary<Task, (ProbeRun Run, long Begun)> _unfinished = new();

    public Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken) => RunAsync(checks, null, cancellationToken);

    public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        using var slots = new SemaphoreSlim(MaxParallel);
        var runs = Wanted(checks).Select(probe => new ProbeRun(probe, checks, timeout, time, logger)).ToList();
        var running = runs.Select(run => RunAsync(run, slots, cancellationToken)).ToList();
        if (begun is not null)
        {
            // A probe that ends without having started was given up.
            await Task.WhenAll(runs.Zip(running, (run, end) => Task.WhenAny(run.Begun, end)));
            begun();
        }

        return Log(new RunReport(checks, InOrder(await Task.WhenAll(running)), startedAt, time.GetElapsedTime(started)));
    }

    public RunReport Unanswered(CheckSet checks, TimeSpan waited)
    {
        var results = Wanted(checks).SelectMany(
            probe => probe.Checks.Where(checks.Contains).Select(check => CheckResult.WithoutVerdict(check, probe.Target, waited)));
        return Log(new RunReport(checks, InOrder([results]), time.GetUtcNow() - waited, waited));
    }

    /// <summary>Waits for the cleanup of abandoned probes, then closes all probes.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_unfinished.Keys).WaitAsync(timeout, time);
        }
        catch (Exception)
        {
            // Their exceptions are logged already.
        }

        foreach (var probe in probes.OfType<IAsyncDisposable>())
        {
            await probe.DisposeAsync();
        }
    }

    private static List<CheckResult> InOrder(IEnumerable<IEnumerable<CheckResult>> results) =>
        [.. results.SelectMany(result => result).OrderBy(result => result.Check).ThenBy(result => result.Target, StringComparer.Ordinal)];

    private IEnumerable<IProbe> Wanted(CheckSet checks) => probes.Where(probe => probe.Checks.Any(checks.Contains));

    /// <summary>Each result is logged exactly as it is reported.</summary>
    private RunReport Log(RunReport report)
    {
        RunLog.Write(logger, report);
        metrics.CountRun(report);
        return report;
    }

    private async Task<IReadOnlyList<CheckResult>> RunAsync(ProbeRun run, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (!await TryWaitForSlotAsync(slots, asked, cancellationToken))
        {
            return run.CloseBeforeItBegins()!;
        }

        if (CountLost(run.Probe) >= MaxLost)
        {
            slots.Release();
            return Explain(run.Close(Reason.Timeout));
        }

        using var cold = coldStart?.Begin(run.Probe, timeout, time);

        // Not disposed, because abandoned probes still use the token.
        var stop = new CancellationTokenSource();
        var work = Task.Factory.StartNew(
            () => run.TryBegin() ? WorkAsync(run, stop.Token) : Task.CompletedTask,
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            scheduler ?? TaskScheduler.Default).Unwrap();
        Observe(run, work);
        try
        {
            if (!await HasBegunAsync(run, timeout - time.GetElapsedTime(asked), cancellationToken)
                && run.CloseBeforeItBegins() is { } unbegun)
            {
                return unbegun;
            }

            // Well before a client gives up by itself, which is after three quarters of the timeout.
            await using var slow = time.CreateTimer(
                _ => _names.Begin(run.Probe.HostNames), null, run.Remaining / 4, Timeout.InfiniteTimeSpan);
            await work.WaitAsync(run.Remaining, time, cancellationToken);
            return Correct(run.Close(Reason.Unknown));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return Correct(run.Close(work.IsCompleted ? run.Probe.ReasonFor(exception) : Reason.Timeout));
        }
        finally
        {
            slots.Release();
            if (!work.IsCompleted)
            {
                // On cancellation Npgsql connects synchronously. A thread of its own keeps that from delaying an answer:
                // https://github.com/npgsql/npgsql/blob/v10.0.3/src/Npgsql/Internal/NpgsqlConnector.cs (PerformPostgresCancellation).
                Observe(run,
                    Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
        }

        IReadOnlyList<CheckResult> Correct(IReadOnlyList<CheckResult> results) => Explain(cold?.Correct(results) ?? results);

        IReadOnlyList<CheckResult> Explain(IReadOnlyList<CheckResult> results) =>
            results.Any(result => result.Reason is Reason.Timeout) && _names.Hang(run.Probe.HostNames)
                ? [.. results.Select(result => result.Reason is Reason.Timeout ? result with { Reason = Reason.Dns } : result)]
                : results;
    }

    private async Task WorkAsync(ProbeRun run, CancellationToken cancellationToken)
    {
        await _names.UntilFoundAsync(run.Probe.HostNames, cancellationToken);
        await run.Probe.RunAsync(run, cancellationToken);
    }

    private async Task<bool> TryWaitForSlotAsync(SemaphoreSlim slots, long asked, CancellationToken cancellationToken)
    {
        if (slots.Wait(TimeSpan.Zero, cancellationToken))
        {
            return true;
        }

        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await slots.WaitAsync(either.Token);
            if (time.GetElapsedTime(asked) < timeout)
            {
                return true;
            }

            // The targets before it have just timed out, and so has this one.
            slots.Release();
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The number of runs of a target that have not ended, although their time to clean up is over.</summary>
    private int CountLost(IProbe probe) => _unfinished
        .Where(one => !one.Key.IsCompleted && time.GetElapsedTime(one.Value.Begun) > timeout + _cleanupTime)
        .Select(one => one.Value.Run)
        .Where(run => run.Probe == probe)
        .Distinct()
        .Count();

    private async Task<bool> HasBegunAsync(ProbeRun run, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await run.Begun.WaitAsync(within > TimeSpan.Zero ? within : TimeSpan.Zero, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Observes the exception of a task that may be abandoned.</summary>
    private void Observe(ProbeRun run, Task task)
    {
        _unfinished.TryAdd(task, (run, time.GetTimestamp()));
        task.ContinueWith(
            completed =>
            {
                _unfinished.TryRemove(completed, out _);
                if (completed.Exception?.InnerException is { } exception)
                {
                    run.Explain(exception);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
