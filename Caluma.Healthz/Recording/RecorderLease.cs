using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Lets one of several servers record: the one that holds the lock. Another takes over when it stops, or when its lock lapses.
/// </summary>
internal sealed class RecorderLease
{
    private const string LockName = "recorder.lock";

    /// <summary>A storage that hangs must not make a run late, nor keep a process from its end.</summary>
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(2);

    private readonly string _id = Guid.NewGuid().ToString();
    private readonly IHistoryStorage _storage;
    private readonly Schedule _schedule;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal RecorderLease(IHistoryStorage storage, Schedule schedule, TimeProvider time, ILogger<RecorderLease> logger)
    {
        _logger = logger;
        _storage = storage;
        _schedule = schedule;
        _time = time;
    }

    /// <summary>Takes the lock, or keeps it, for two ticks as far as Azure allows it: from 15 s to 60 s.</summary>
    /// <returns>
    /// False where another process holds it. True where the storage does not answer, or not in time: a record too many is better than none,
    /// and one that is late.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_maxWait, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await _storage.TryLockAsync(LockName, _id, Duration(), stop.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ExceptionLog.Write(_logger, exception, HistoryFailure.ReasonFor(exception), "taking the lock of the recorder");
            return true;
        }
    }

    /// <summary>Gives it up, so that another process need not wait for it to lapse.</summary>
    public async Task ReleaseAsync()
    {
        using var deadline = new CancellationTokenSource(_maxWait, _time);
        try
        {
            await _storage.UnlockAsync(LockName, _id, deadline.Token);
        }
        catch (Exception exception)
        {
            // It lapses by itself.
            ExceptionLog.Write(_logger, exception, HistoryFailure.ReasonFor(exception), "giving up the lock of the recorder");
        }
    }

    private TimeSpan Duration()
    {
        var now = _time.GetUtcNow();
        return TimeSpan.FromSeconds(Math.Floor(Math.Clamp((_schedule.Next(_schedule.Next(now)) - now).TotalSeconds, 15, 60)));
    }
}
