using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Lets one of several servers record: the holder of a lock. Another server takes over when the holder stops or the lock expires.
/// </summary>
internal sealed class RecorderLease(IHistoryStorage storage, HealthzOptions options, TimeProvider time, ILogger<RecorderLease> logger)
{
    private const string LockName = "recorder.lock";

    /// <summary>A storage that hangs must not delay a run, nor the end of a process.</summary>
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(2);

    private readonly string _id = Guid.NewGuid().ToString();

    /// <summary>Takes or renews the lock for two ticks, within Azure's limits of 15 s and 60 s.</summary>
    /// <returns>
    /// False where another process holds the lock. True where the storage does not answer in time: a duplicate record is better than a
    /// missing or late one.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_maxWait, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await storage.TryLockAsync(LockName, _id, Duration(), stop.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "taking the lock of the recorder");
            return true;
        }
    }

    /// <summary>Releases the lock, so that another process need not wait until it expires.</summary>
    public async Task ReleaseAsync()
    {
        using var deadline = new CancellationTokenSource(_maxWait, time);
        try
        {
            await storage.UnlockAsync(LockName, _id, deadline.Token);
        }
        catch (Exception exception)
        {
            // The lock expires by itself.
            ExceptionLog.Write(logger, exception, HistoryFailure.ReasonFor(exception), "giving up the lock of the recorder");
        }
    }

    private TimeSpan Duration()
    {
        var now = time.GetUtcNow();
        return TimeSpan.FromSeconds(Math.Floor(Math.Clamp((options.Schedule.Next(options.Schedule.Next(now)) - now).TotalSeconds, 15, 60)));
    }
}
