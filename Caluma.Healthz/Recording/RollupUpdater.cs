using Azure;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>Keeps the rollups up to date with the log.</summary>
internal sealed class RollupUpdater(HistoryStore store, Schedule schedule, ILogger logger)
{
    private const int MostConflicts = 5;

    private DayRollup? _rollup;
    private ETag? _version;

    /// <param name="appended">What was appended just now.</param>
    /// <param name="endedDay">A day that has ended since: whatever of it was not rolled up is rolled up now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, DateOnly? endedDay, CancellationToken cancellationToken)
    {
        if (endedDay is { } ended)
        {
            await UpdateAsync(ended, [], cancellationToken);
        }

        foreach (var blocks in appended.GroupBy(block => block.Start.Day))
        {
            await UpdateAsync(blocks.Key, [.. blocks], cancellationToken);
        }
    }

    private async Task UpdateAsync(DateOnly day, IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var rollup = _rollup = _rollup?.Day == day ? _rollup : await LoadAsync(day, cancellationToken);
            var records = appended.Count > 0
                ? store.ReadNewAsync(rollup.Position, appended, cancellationToken)
                : store.ReadDayAsync(rollup.Position, cancellationToken);
            var isNew = false;
            await foreach (var record in records)
            {
                isNew |= rollup.Fold(record, schedule);
            }

            if (appended is [.., var last])
            {
                rollup.Position = last.End;
            }
            else if (!isNew)
            {
                return;
            }

            _version = await store.WriteAsync(HistoryStore.Rollup(day), rollup, HistoryJson.Default.DayRollup, _version, cancellationToken);
            if (_version is not null)
            {
                return;
            }

            // Somebody else has written it meanwhile.
            _rollup = null;
        }

        throw new InvalidOperationException("Others keep writing the rollup.");
    }

    private async Task<DayRollup> LoadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var name = HistoryStore.Rollup(day);
        var written = await store.ReadAsync(name, HistoryJson.Default.DayRollup, cancellationToken);
        _version = written.ETag;
        if (written.IsBroken)
        {
            HistoryLog.Rebuilt(logger, name);
        }

        return written.Value is { } rollup && rollup.Day == day ? rollup : new DayRollup { Day = day };
    }
}
