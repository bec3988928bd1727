using Azure;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>Lets one of several servers record: the one that holds the lease of a blob. Another takes over when it stops, or lapses.</summary>
public sealed class RecorderLease
{
    private const string BlobName = "recorder.lock";

    /// <summary>A storage that hangs must not make a run late, nor keep a process from its end.</summary>
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(2);

    private readonly string _id = Guid.NewGuid().ToString();
    private readonly HistoryStore _store;
    private readonly Schedule _schedule;
    private readonly TimeProvider _time;

    internal RecorderLease(HistoryStore store, Schedule schedule, TimeProvider time)
    {
        _store = store;
        _schedule = schedule;
        _time = time;
    }

    /// <summary>Takes the lease, or keeps it, for two ticks as far as Azure allows it: from 15 s to 60 s.</summary>
    /// <returns>
    /// False where another process holds it. True where the storage does not answer, or not in time: a record too many is better than none,
    /// and one that is late.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_longestWait, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await AcquireAsync(stop.Token);
            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent
            || exception.ErrorCode == BlobErrorCode.LeaseIsBreakingAndCannotBeAcquired)
        {
            return false;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>Gives it up, so that another process need not wait for it to lapse.</summary>
    public async Task ReleaseAsync()
    {
        using var deadline = new CancellationTokenSource(_longestWait, _time);
        try
        {
            await _store.Lease(BlobName, _id).ReleaseAsync(cancellationToken: deadline.Token);
        }
        catch (Exception)
        {
            // Not held; or it lapses by itself.
        }
    }

    private async Task AcquireAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var duration = TimeSpan.FromSeconds(Math.Floor(Math.Clamp((_schedule.Next(_schedule.Next(now)) - now).TotalSeconds, 15, 60)));
        var lease = _store.Lease(BlobName, _id);
        try
        {
            await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            await _store.EnsureAsync(BlobName, cancellationToken);
            await lease.AcquireAsync(duration, cancellationToken: cancellationToken);
        }
    }
}
