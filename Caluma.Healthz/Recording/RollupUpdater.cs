using Azure;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps the rollups up to date with the log. The rollup of a day comes to exist after that of the day before is complete, so that whoever
/// begins a day completes the one before, however often that fails.
/// </summary>
internal sealed class RollupUpdater(RecordReader reader, DocumentStore documents, Schedule schedule, ILogger logger)
{
    private const int MostConflicts = 5;

    /// <summary>As far back as a trend looks.</summary>
    private const int DaysToComplete = 366;

    private DayRollup? _rollup;
    private ETag? _version;

    /// <param name="appended">What was appended just now.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Whether a day has begun: there was no rollup of it before.</returns>
    public async Task<bool> BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        var hasDayBegun = false;
        foreach (var blocks in appended.GroupBy(block => block.Start.Day))
        {
            if (_rollup?.Day != blocks.Key)
            {
                await LoadAsync(blocks.Key, cancellationToken);
            }

            if (_version is null)
            {
                hasDayBegun = true;
                await CompleteDayBeforeAsync(blocks.Key, cancellationToken);
            }

            await FoldAsync(blocks.Key, [.. blocks], cancellationToken);
        }

        return hasDayBegun;
    }

    /// <summary>Rolls up what was recorded last on the last day that has records.</summary>
    private async Task CompleteDayBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var recorded = await reader.DaysAsync(day.AddDays(-DaysToComplete), day.AddDays(-1), cancellationToken);
        if (recorded.Count > 0)
        {
            await FoldAsync(recorded.Keys.Last(), [], cancellationToken);
        }
    }

    /// <param name="day">The day.</param>
    /// <param name="appended">What was appended just now; nothing where the day has ended.</param>
    /// <param name="cancellationToken">Stops it.</param>
    private async Task FoldAsync(DateOnly day, IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostConflicts; attempt++)
        {
            var rollup = _rollup?.Day == day ? _rollup : await LoadAsync(day, cancellationToken);
            if (attempt > 0 && appended.Count > 0 && appended.SelectMany(block => block.Records).All(rollup.Seen.Contains))
            {
                // Who has written it has counted ours, too.
                return;
            }

            var isNew = false;
            await foreach (var record in Read(rollup.Position, appended, toEnd: attempt > 0, cancellationToken))
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

            _version = await documents.WriteAsync(HistoryNames.Rollup(day), rollup, HistoryJson.Default.DayRollup, _version, cancellationToken);
            if (_version is not null)
            {
                return;
            }

            // Somebody else has written it meanwhile.
            _rollup = null;
        }

        throw new InvalidOperationException("Others keep writing the rollup.");
    }

    private IAsyncEnumerable<RunRecord> Read(LogPosition position, IReadOnlyList<AppendedBlock> appended, bool toEnd, CancellationToken cancellationToken)
    {
        if (appended is not [.., var last])
        {
            // A part that was broken for a while may have got records after the next one had.
            return reader.ReadRestOfDayAsync(position.Part == 0 ? position : LogPosition.StartOf(position.Day), cancellationToken);
        }

        // Of many writers one that takes in what the others have appended spares them to try again.
        var records = reader.ReadNewAsync(position, appended, cancellationToken);
        return toEnd ? records.Concat(reader.ReadRestOfDayAsync(last.End, cancellationToken)) : records;
    }

    private async Task<DayRollup> LoadAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var name = HistoryNames.Rollup(day);
        var written = await documents.ReadAsync(name, HistoryJson.Default.DayRollup, cancellationToken);
        if (written.Value?.Day == day)
        {
            _rollup = written.Value;
        }
        else
        {
            _rollup = new DayRollup { Day = day };
            if (written.ETag is not null)
            {
                HistoryLog.Rebuilt(logger, name);
            }
        }

        _version = written.ETag;
        return _rollup;
    }
}
