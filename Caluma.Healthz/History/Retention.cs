using System.Runtime.ExceptionServices;

namespace Caluma.Healthz.History;

/// <summary>Deletes records and rollups that are older than their retention.</summary>
internal sealed class Retention(IHistoryStorage storage)
{
    /// <param name="records">The oldest day whose records stay.</param>
    /// <param name="rollups">The oldest day whose rollup stays.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="Exception">An item could not be deleted. All others were.</exception>
    public async Task DeleteBeforeAsync(DateOnly records, DateOnly rollups, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? refusal = null;
        await DeleteAsync(HistoryNames.Records, records, name => HistoryNames.DayOf(name, HistoryNames.Records));
        await DeleteAsync(HistoryNames.Rollups, rollups, name => HistoryNames.DayOf(name, HistoryNames.Rollups));
        await DeleteAsync(HistoryNames.Summaries, rollups, name => HistoryNames.MonthOf(name)?.AddMonths(1).AddDays(-1));
        refusal?.Throw();

        async Task DeleteAsync(string prefix, DateOnly first, Func<string, DateOnly?> dayOf)
        {
            // The oldest come first.
            await foreach (var item in storage.ListAsync(prefix, cancellationToken))
            {
                if (dayOf(item.Name) is not { } day)
                {
                    continue;
                }

                if (day >= first)
                {
                    break;
                }

                try
                {
                    await storage.DeleteAsync(item.Name, cancellationToken);
                }
                catch (Exception exception) when (HistoryFailure.IsOfSingleItem(exception))
                {
                    // A lease or a legal hold keeps it.
                    refusal = ExceptionDispatchInfo.Capture(exception);
                }
            }
        }
    }
}
