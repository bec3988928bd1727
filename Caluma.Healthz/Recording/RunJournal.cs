using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Appends runs to the log, and brings alerts and rollups up to date with it. A record that cannot be written is kept and written with the
/// next one. A record costs 4 requests to the storage; the first one of a process costs 6, or 7 where the run before it has changed an
/// alert.
/// </summary>
internal sealed class RunJournal(
    IHistoryStorage storage, RecordReader reader, DocumentStore documents,
    HealthzOptions options, TimeProvider time, ILogger<RunJournal> logger)
    : IAsyncDisposable
{
    /// <summary>The maximum of records, and of blocks, that are kept while the storage is down: 16 hours of one run a minute.</summary>
    public const int MaxPending = 1000;

    /// <summary>A trend over a year needs the rollups, which are small.</summary>
    private const int MinRollupDays = 400;

    private static readonly TimeSpan _maxWrite = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _minWrite = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _beforeNextTick = TimeSpan.FromSeconds(0.5);

    private readonly RecordLog _log = new(storage);
    private readonly Retention _retention = new(storage);
    private readonly AlertUpdater _alerts = new(reader, documents, new AlertEngine(options), logger);
    private readonly RollupUpdater _rollups = new(reader, documents, options.Schedule, logger);
    private readonly SummaryUpdater _summaries = new(documents);
    private readonly Queue<RunRecord> _pending = [];

    /// <summary>
    /// The blocks that alerts or rollups may lack. They are kept in memory, because a reader that has reached the next day never returns to
    /// an earlier one.
    /// </summary>
    private readonly List<AppendedBlock> _unread = [];

    /// <inheritdoc cref="AlertUpdater.Incidents"/>
    public IReadOnlyList<Incident>? Incidents => _alerts.Incidents;

    /// <inheritdoc cref="AlertUpdater.Alerts"/>
    public IReadOnlyList<Alert>? Alerts => _alerts.Alerts;

    /// <summary>The tick of the newest run that was written; null where this process has written none.</summary>
    public DateTimeOffset? Newest { get; private set; }

    /// <summary>Writes a record and the pending ones before it. A failing storage is logged, and is no error.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. The record is kept.</exception>
    public async Task WriteAsync(RunRecord record, CancellationToken cancellationToken)
    {
        _pending.Enqueue(record);
        var (records, calls) = (_pending.Count, storage.Calls);
        using var deadline = new CancellationTokenSource(TimeToWrite(), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var failures = new List<(string What, Exception Exception)>();
        if (await WritePendingAsync(failures, stop.Token, cancellationToken))
        {
            await DeleteOldAsync(record.Day, stop.Token, cancellationToken);
            _summaries.Begin();
        }

        await SumUpAsync(record.Day, stop.Token, cancellationToken);

        if (failures.Count == 0)
        {
            RecordingLog.Recorded(logger, record, records, storage.Calls - calls);
            return;
        }

        // A storage that is down must not hide a database that is down.
        _alerts.Evaluate(record);
        var lost = DropOldest();
        LogFailed(failures, _pending.Count, lost);
    }

    /// <summary>Writes the pending records without a new one. A failing storage is logged, and is no error.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. The records are kept.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_pending.Count == 0 && _unread.Count == 0)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(TimeToWrite(), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var failures = new List<(string What, Exception Exception)>();
        await WritePendingAsync(failures, stop.Token, cancellationToken);
        if (failures.Count > 0)
        {
            LogFailed(failures, _pending.Count, lost: 0);
        }
    }

    /// <summary>Writes the pending records at the end of the process. Records that the storage does not take are lost.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_pending.Count == 0 && _unread.Count == 0)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(_maxWrite, time);
        var failures = new List<(string What, Exception Exception)>();
        await WritePendingAsync(failures, deadline.Token, CancellationToken.None);
        if (failures.Count > 0)
        {
            LogFailed(failures, pending: 0, _pending.Count);
        }
    }

    private void LogFailed(List<(string What, Exception Exception)> failures, int pending, int lost)
    {
        var reasons = failures.ConvertAll(failure => Explain(failure.Exception));
        RecordingLog.Failed(logger, reasons[0], string.Join(',', failures.Select(failure => failure.What)), pending, lost);
    }

    /// <summary>The time until the next tick, within bounds: a storage that hangs must not delay it.</summary>
    private TimeSpan TimeToWrite()
    {
        var now = time.GetUtcNow();
        var left = options.Schedule.Next(now) - now - _beforeNextTick;
        return left < _minWrite ? _minWrite : left > _maxWrite ? _maxWrite : left;
    }

    /// <summary>Appends the pending records, and brings the documents up to date. Each step runs even where another fails.</summary>
    /// <param name="failures">Gets the steps that failed.</param>
    /// <param name="stop">Ends the operation before the next tick.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether a day has begun.</returns>
    private async Task<bool> WritePendingAsync(
        List<(string What, Exception Exception)> failures, CancellationToken stop, CancellationToken cancellationToken)
    {
        if (!await TryAsync("record", () => AppendPendingAsync(stop)))
        {
            return false;
        }

        var (appended, hasDayBegun) = (_unread.ToList(), false);
        await TryAsync("alerts", () => _alerts.UpdateAsync(appended, stop, cancellationToken));
        await TryAsync("rollups", async () => hasDayBegun = await _rollups.UpdateAsync(appended, stop));
        if (failures.Count == 0)
        {
            _unread.Clear();
        }

        foreach (var day in appended.Select(block => block.Start.Day).Where(day => day < appended[^1].Start.Day))
        {
            _summaries.Reopen(day);
        }

        return hasDayBegun;

        async Task<bool> TryAsync(string what, Func<Task> write)
        {
            try
            {
                await write();
                return true;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failures.Add((what, exception));
                return false;
            }
        }
    }

    private async Task AppendPendingAsync(CancellationToken cancellationToken)
    {
        while (_pending.Count > 0)
        {
            var block = await _log.AppendAsync(_pending, cancellationToken);
            _unread.Add(block);
            Newest = block.Records[^1].Tick;
            for (var written = 0; written < block.Records.Count; written++)
            {
                _pending.Dequeue();
            }
        }

        if (_unread.Count > MaxPending)
        {
            _unread.RemoveRange(0, _unread.Count - MaxPending);
        }
    }

    /// <returns>The number of lost records.</returns>
    private int DropOldest()
    {
        var lost = 0;
        for (; _pending.Count > MaxPending; lost++)
        {
            _pending.Dequeue();
        }

        return lost;
    }

    private async Task DeleteOldAsync(DateOnly today, CancellationToken stop, CancellationToken cancellationToken)
    {
        var days = options.History!.RetentionDays;
        try
        {
            await _retention.DeleteBeforeAsync(today.AddDays(-days), today.AddDays(-Math.Max(days, MinRollupDays)), stop);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The run is recorded all the same; tomorrow tries again.
            RecordingLog.RetentionFailed(logger, Explain(exception).Code());
        }
    }

    private async Task SumUpAsync(DateOnly today, CancellationToken stop, CancellationToken cancellationToken)
    {
        try
        {
            await _summaries.UpdateAsync(today, stop);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A trend reads the rollups until then.
            Explain(exception);
        }
    }

    private Reason Explain(Exception exception)
    {
        var reason = HistoryFailure.ReasonFor(exception);
        ExceptionLog.Write(logger, exception, reason, "recording");
        return reason;
    }
}
