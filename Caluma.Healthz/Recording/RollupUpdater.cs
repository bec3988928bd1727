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
    /// <summary>As far back as a trend looks.</summary>
    private const int DaysToComplete = 366;

    private RollupDocument? _rollup;

    /// <param name="appended">What was appended just now.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether a day has begun: there was no rollup of it before.</returns>
    public async Task<bool> BringUpToDateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        var hasDayBegun = false;
        foreach (var blocks in appended.GroupBy(block => block.Start.Day))
        {
            var rollup = _rollup = _rollup?.Day == blocks.Key ? _rollup : Open(blocks.Key);
            if (!await rollup.LoadAsync(LogPosition.StartOf(blocks.Key), cancellationToken))
            {
                hasDayBegun = true;
                await CompleteDayBeforeAsync(blocks.Key, cancellationToken);
            }

            Check(await rollup.FoldAsync([.. blocks], cancellationToken));
        }

        return hasDayBegun;
    }

    private static void Check(FoldOutcome outcome)
    {
        if (outcome == FoldOutcome.Outrun)
        {
            throw new InvalidOperationException("Others keep writing the rollup.");
        }
    }

    /// <summary>Rolls up what was recorded last on the last day that has records.</summary>
    private async Task CompleteDayBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var recorded = await reader.DaysAsync(day.AddDays(-DaysToComplete), day.AddDays(-1), cancellationToken);
        if (recorded.Count > 0)
        {
            var last = recorded.Keys.Last();
            Check(await Open(last).CompleteAsync(last, cancellationToken));
        }
    }

    private RollupDocument Open(DateOnly day) => new(reader, documents, day, schedule, logger);
}
