using System.Collections.Concurrent;
using Caluma.Healthz.Checks;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Runs;

/// <summary>
/// Runs the probes side by side, each raced against the timeout: one that ignores its token is left behind, and observed.
/// </summary>
internal sealed class Runner(
    IReadOnlyList<IProbe> probes, TimeSpan timeout, TimeProvider time, RunMetrics metrics, ILogger<Runner> logger)
    : IRunner, IAsyncDisposable
{
    /// <summary>So many targets at once: each holds a connection, and small function instances have few to give.</summary>
    private const int MaxParallel = 32;

    private readonly ConcurrentDictionary<Task, bool> _unfinished = new();

    public async Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        using var slots = new SemaphoreSlim(MaxParallel);
        var results = await Task.WhenAll(Wanted(checks).Select(probe => RunAsync(probe, checks, slots, cancellationToken)));
        var report = new RunReport(checks, InOrder(results), startedAt, time.GetElapsedTime(started));
        RunLog.Write(logger, report);
        metrics.Ran(report);
        return report;
    }

    public RunReport Unanswered(CheckSet checks)
    {
        var results = Wanted(checks).Select(probe => new ProbeRun(probe, checks, timeout, time).Close(Reason.Timeout));
        return new RunReport(checks, InOrder(results), time.GetUtcNow() - timeout, timeout);
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
            // What they threw is known already, as the reason of a result.
        }

        foreach (var probe in probes.OfType<IAsyncDisposable>())
        {
            await probe.DisposeAsync();
        }
    }

    private IEnumerable<IProbe> Wanted(CheckSet checks) => probes.Where(probe => probe.Checks.Any(checks.Contains));

    private static List<CheckResult> InOrder(IEnumerable<IReadOnlyList<CheckResult>> results) =>
        [.. results.SelectMany(result => result).OrderBy(result => result.Check).ThenBy(result => result.Target, StringComparer.Ordinal)];

    private async Task<IReadOnlyList<CheckResult>> RunAsync(
        IProbe probe, CheckSet checks, SemaphoreSlim slots, CancellationToken cancellationToken)
    {
        var run = new ProbeRun(probe, checks, timeout, time);
        if (!await slots.WaitAsync(timeout, cancellationToken))
        {
            return run.Close(Reason.Timeout);
        }

        // Not disposed: what is left behind still uses its token.
        var stop = new CancellationTokenSource();
        var work = Task.Run(() => probe.RunAsync(run, stop.Token), CancellationToken.None);
        try
        {
            Observe(work);
            await work.WaitAsync(run.Remaining, time, cancellationToken);
            return run.Close(Reason.Unknown);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            return run.Close(work.IsCompleted ? probe.ReasonFor(exception) : Reason.Timeout);
        }
        finally
        {
            slots.Release();
            if (!work.IsCompleted)
            {
                // Npgsql connects synchronously in here to ask the server to cancel. On a thread of its own it keeps no answer
                // waiting: https://github.com/npgsql/npgsql/blob/v10.0.3/src/Npgsql/Internal/NpgsqlConnector.cs (PerformPostgresCancellation).
                Observe(Task.Factory.StartNew(stop.Cancel, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            }
        }
    }

    private void Observe(Task task)
    {
        _unfinished.TryAdd(task, true);
        task.ContinueWith(
            completed =>
            {
                _ = completed.Exception;
                _unfinished.TryRemove(completed, out _);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
