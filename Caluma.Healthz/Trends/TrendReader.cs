using System.Runtime.CompilerServices;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Trends;

/// <summary>
/// Reads the state of the rules and the days, which the recorder keeps up to date. It reads records only where a rollup was lost, so its
/// cost does not depend on the schedule.
/// </summary>
internal sealed class TrendReader(
    RecordReader reader, DocumentStore documents, HealthzOptions options, TimeProvider time, ILogger<TrendReader> logger)
{
    /// <summary>The maximum of days, which is the minimal retention of rollups.</summary>
    public const int MaxDays = 400;

    private readonly AlertEngine _engine = new(options);
    private readonly RollupCache _cache = new(reader, documents, options.Schedule, logger);
    private readonly TrendCalculator _calculator = new(options);

    /// <summary>The state that was read last. Most readers come more than once between two ticks.</summary>
    private volatile StrongBox<Document<TrendState>>? _state;

    /// <param name="days">The number of days, including today.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<TrendReport> ReadAsync(int days, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var firstDay = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1 - days);
        var firstOfWindow = DateOnly.FromDateTime((now - Window.Max.Length).UtcDateTime);
        var daysTask = _cache.ReadAsync(firstDay < firstOfWindow ? firstDay : firstOfWindow, now, cancellationToken);
        var stateTask = ReadStateAsync(cancellationToken);
        await Task.WhenAll(daysTask, stateTask);
        var (history, unreadable) = await daysTask;
        var report = _calculator.Report(now, await stateTask, history, firstDay);
        List<DateOnly> untold = [.. unreadable.Where(day => day >= firstDay)];
        return untold.Count == 0 ? report : report with { UnreadableDays = untold };
    }

    private async Task<TrendState> ReadStateAsync(CancellationToken cancellationToken)
    {
        var known = _state?.Value ?? default;
        var read = await documents.ReadAsync(TrendState.BlobName, TrendsJson.Default.TrendState, cancellationToken, [], known);
        _state = new StrongBox<Document<TrendState>>(read);
        if (read.Value is { } written)
        {
            return written.Fork();
        }

        // The next record computes the state again. Until then the last run is better than nothing.
        var state = new TrendState();
        if ((await documents.ReadAsync(LatestRun.BlobName, TrendsJson.Default.LatestRun, cancellationToken, [])).Value is { } latest)
        {
            _engine.Evaluate(state, latest.Record);
            state.Open.Clear();
            state.Open.AddRange(latest.Alerts);
            state.Incidents.AddRange(latest.Incidents ?? []);
        }

        return state;
    }
}
