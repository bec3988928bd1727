using Azure;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Recording;

/// <summary>Lets one of several servers record: the one that holds the lease of a blob. Another takes over when it stops, or lapses.</summary>
public sealed class RecorderLease
{
    private const string BlobName = "recorder.lock";

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
    /// False where another process holds it. True where the storage does not answer: a record too many is better than none, and it cannot be
    /// written now anyway.
    /// </returns>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var next = _schedule.Next(now);
        var duration = Math.Clamp((_schedule.Next(next) - now).TotalSeconds, 15, 60);
        var lease = _store.Lease(BlobName, _id);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await lease.AcquireAsync(TimeSpan.FromSeconds(Math.Floor(duration)), cancellationToken: cancellationToken);
                return true;
            }
            catch (RequestFailedException exception) when (exception.Status == 404 && attempt == 0)
            {
                try
                {
                    await _store.EnsureAsync(BlobName, cancellationToken);
                }
                catch (RequestFailedException)
                {
                    return true;
                }
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.LeaseAlreadyPresent)
            {
                return false;
            }
            catch (Exception exception) when (BlobFailure.ReasonFor(exception) is not Reason.Unknown && !cancellationToken.IsCancellationRequested)
            {
                return true;
            }
        }
    }

    /// <summary>Gives it up, so that another process need not wait for it to lapse.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _store.Lease(BlobName, _id).ReleaseAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException)
        {
            // Not held; or it lapses by itself.
        }
    }
}
