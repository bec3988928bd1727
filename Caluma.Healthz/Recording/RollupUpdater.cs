using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Keeps the rollups up to date with the log. It creates the rollup of a day only after it has completed that of the day before, so that a
/// failure leaves no gap.
/// </summary>
internal sealed class RollupUpdater(RecordReader reader, DocumentStore documents, Schedule schedule, ILogger logger)
{
    /// <summary>How far back a trend looks.</summary>
    private const int DaysToComplete = 366;

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

    /// <summary>Completes the rollup of the last day that has records.</summary>
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
