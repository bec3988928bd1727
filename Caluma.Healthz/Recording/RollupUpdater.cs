using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps the rollups up to date with the log. It creates the rollup of a day only after it has completed those of the days before, so that
/// a failure leaves no gap.
/// </summary>
internal sealed class RollupUpdater(RecordReader reader, DocumentStore documents, Schedule schedule, ILogger logger)
{
    /// <summary>How far back a trend looks.</summary>
    private const int DaysToComplete = 366;

    /// <summary>
    /// How many of the last days with records are completed. Records of a day may come after its end: from a clock that is behind, or kept
    /// while the storage was away. Their writer may be killed before it has rolled them up.
    /// </summary>
    private const int LastDays = 8;

    private RollupDocument? _rollup;

    /// <param name="appended">The blocks that were just appended.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether a day has begun, which had no rollup before.</returns>
    public async Task<bool> UpdateAsync(IReadOnlyList<AppendedBlock> appended, CancellationToken cancellationToken)
    {
        var hasDayBegun = false;
        foreach (var blocks in appended.GroupBy(block => block.Start.Day))
        {
            var rollup = _rollup = _rollup?.Day == blocks.Key ? _rollup : Open(blocks.Key);
            if (!await rollup.LoadAsync(LogPosition.StartOf(blocks.Key), cancellationToken))
            {
                hasDayBegun = true;
                await CompleteDaysBeforeAsync(blocks.Key, cancellationToken);
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

    /// <summary>Completes the rollups of the last days that have records, the oldest first.</summary>
    private async Task CompleteDaysBeforeAsync(DateOnly day, CancellationToken cancellationToken)
    {
        var recorded = await reader.DaysAsync(day.AddDays(-DaysToComplete), day.AddDays(-1), cancellationToken);
        foreach (var last in recorded.Keys.TakeLast(LastDays))
        {
            Check(await Open(last).CompleteAsync(last, cancellationToken));
        }
    }

    private RollupDocument Open(DateOnly day) => new(reader, documents, day, schedule, logger);
}
