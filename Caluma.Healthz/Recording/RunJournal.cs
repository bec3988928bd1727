using Caluma.Healthz.Checks.MediaStorage;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Appends runs to the log, and brings the alerts and the rollups up to date with it. A record that cannot be written is kept and written
/// with the next one. A record costs 4 requests to the storage, the first one of a process 6.
/// </summary>
internal sealed class RunJournal(HistoryStore store, HealthzOptions options, TimeProvider time, ILogger<RunJournal> logger) : IAsyncDisposable
{
    /// <summary>What is kept for a storage that is away: 16 hours of minutes.</summary>
    public const int MostPending = 1000;

    /// <summary>Rollups are small, and a year's trend needs them.</summary>
    private const int LeastRollupDays = 400;

    private static readonly TimeSpan _longestWrite = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _shortestWrite = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _beforeNextTick = TimeSpan.FromSeconds(0.5);

    private readonly AlertUpdater _alerts = new(store, new AlertEngine(options), logger);
    private readonly RollupUpdater _rollups = new(store, options.Schedule, logger);
    private readonly Queue<RunRecord> _pending = [];
    private int _lost;

    /// <summary>Writes a record, and those before it that could not be written. A storage that fails is logged, and no error.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. The record is kept.</exception>
    public async Task WriteAsync(RunRecord record, CancellationToken cancellationToken)
    {
        _pending.Enqueue(record);
        if (_pending.Count > MostPending)
        {
            _pending.Dequeue();
            _lost++;
        }

        var (records, calls) = (_pending.Count, store.Calls);
        using var deadline = new CancellationTokenSource(TimeToWrite(), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var appended = await AppendPendingAsync(stop.Token);
            var endedDay = await _alerts.BringUpToDateAsync(appended, stop.Token);
            await _rollups.BringUpToDateAsync(appended, endedDay, stop.Token);
            RecordingLog.Recorded(logger, record, records, store.Calls - calls);
            if (endedDay is not null)
            {
                await DeleteOldAsync(record.Day, stop.Token);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            // A storage that is away must not hide a database that is.
            _alerts.Judge(record);
            RecordingLog.Failed(logger, BlobFailure.ReasonFor(exception), _pending.Count, _lost);
            _lost = 0;
        }
    }

    /// <summary>Writes what is still pending, where the storage is there again. What it is not there for is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(_longestWrite, time);
        try
        {
            await AppendPendingAsync(deadline.Token);
        }
        catch (Exception exception)
        {
            RecordingLog.Failed(logger, BlobFailure.ReasonFor(exception), pending: 0, _lost + _pending.Count);
        }
    }

    /// <summary>Until the next tick, within bounds: a storage that hangs must not make it late.</summary>
    private TimeSpan TimeToWrite()
    {
        var now = time.GetUtcNow();
        var left = options.Schedule.Next(now) - now - _beforeNextTick;
        return left < _shortestWrite ? _shortestWrite : left > _longestWrite ? _longestWrite : left;
    }

    private async Task<IReadOnlyList<AppendedBlock>> AppendPendingAsync(CancellationToken cancellationToken)
    {
        var appended = new List<AppendedBlock>();
        while (_pending.Count > 0)
        {
            var block = await store.AppendAsync(_pending, cancellationToken);
            appended.Add(block);
            for (var written = 0; written < block.Records.Count; written++)
            {
                _pending.Dequeue();
            }
        }

        return appended;
    }

    private async Task DeleteOldAsync(DateOnly today, CancellationToken cancellationToken)
    {
        var days = options.History!.RetentionDays;
        try
        {
            await store.DeleteBeforeAsync(today.AddDays(-days), today.AddDays(-Math.Max(days, LeastRollupDays)), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            RecordingLog.RetentionFailed(logger, BlobFailure.ReasonFor(exception).Code());
        }
    }
}
