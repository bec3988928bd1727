using System.Collections.Concurrent;
using Caluma.Healthz.Checks;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Runs;

/// <summary>
/// Runs the probes side by side, each raced against the timeout: one that ignores its token is left behind, and observed.
/// </summary>
internal sealed class Runner(
    IReadOnlyList<IProbe> probes, TimeSpan timeout, TimeProvider time,
    RunMetrics metrics, ILogger<Runner> logger, TaskScheduler? scheduler = null)
    : IRunner, IAsyncDisposable
{
    /// <summary>So many targets at once: each holds a connection, and small function instances have few to give.</summary>
    private const int MaxParallel = 32;

    private readonly ConcurrentDictionary<Task, bool> _unfinished = new();

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
            // One that ends without having begun was given up.
            await Task.WhenAll(runs.Zip(running, (run, end) => Task.WhenAny(run.Begun, end)));
            begun();
        }

        return Say(new RunReport(checks, InOrder(await Task.WhenAll(running)), startedAt, time.GetElapsedTime(started)));
    }

    public RunReport Unanswered(CheckSet checks, TimeSpan waited)
    {
        var results = Wanted(checks).SelectMany(
            probe => probe.Checks.Where(checks.Contains).Select(check => CheckResult.WithoutVerdict(check, probe.Target, waited)));
        return Say(new RunReport(checks, InOrder([results]), time.GetUtcNow() - waited, waited));
    }

    /// <summary>Gives what was left behind the time to clean up, then closes the probes.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Task.WhenAll(_unfinished.Keys).WaitAsync(timeout, time);
        }
        catch (Exception)
        {
            // What they threw is logged already.
        }

        foreach (var probe in probes.OfType<IAsyncDisposable>())
        {
            await probe.DisposeAsync();
        }
    }

    private static List<CheckResult> InOrder(IEnumerable<IEnumerable<CheckResult>> results) =>
        [.. results.SelectMany(result => result).OrderBy(result => result.Check).ThenBy(result => result.Target, StringComparer.Ordinal)];

    private IEnumerable<IProbe> Wanted(CheckSet checks) => probes.Where(probe => probe.Checks.Any(checks.Contains));

    /// <summary>Whatever leaves as a verdict is logged as that verdict.</summary>
    private RunReport Say(RunReport report)
    {
        RunLog.Write(logger, report);
        metrics.Ran(report);
        return report;
    }

    private async Task<IReadOnlyList<CheckResult>> RunAsync(ProbeRun run, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (!await HasOneAsync(slots, asked, cancellationToken))
        {
            return run.CloseBeforeItBegins()!;
        }

        // Not disposed: what is left behind still uses its token.
        var stop = new CancellationTokenSource();
        var work = Task.Factory.StartNew(
            () => run.TryBegin() ? run.Probe.RunAsync(run, stop.Token) : Task.CompletedTask,
            CancellationToken.None,
            TaskCreationOptions.DenyChildAttach,
            scheduler ?? TaskScheduler.Default).Unwrap();
        Observe(run, work);
        try
        {
            if (!await BeginsAsync(run, timeout - time.GetElapsedTime(asked), cancellationToken)
                && run.CloseBeforeItBegins() is { } unbegun)
            {
                return unbegun;
            }

            await work.WaitAsync(run.Remaining, time, cancellationToken);
            return run.Close(Reason.Unknown);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return run.Close(work.IsCompleted ? run.Probe.ReasonFor(exception) : Reason.Timeout);
        }
        finally
        {
            slots.Release();
            if (!work.IsCompleted)
            {
                // Npgsql connects synchronously in here to ask the server to cancel. On a thread of its own it keeps no answer
                // waiting: https://github.com/npgsql/npgsql/blob/v10.0.3/src/Npgsql/Internal/NpgsqlConnector.cs
                // (PerformPostgresCancellation).
                Observe(run,
                    Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
        }
    }

    private async Task<bool> HasOneAsync(SemaphoreSlim slots, long asked, CancellationToken cancellationToken)
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

            // Those before it have timed out just now, and so has it.
            slots.Release();
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<bool> BeginsAsync(ProbeRun run, TimeSpan within, CancellationToken cancellationToken)
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

    /// <summary>What a task throws is seen here or nowhere, for it may be left behind.</summary>
    private void Observe(ProbeRun run, Task task)
    {
        _unfinished.TryAdd(task, true);
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
