using System.Runtime.ExceptionServices;

namespace Caluma.Healthz.History;

/// <summary>Deletes what is older than it is to be kept.</summary>
internal sealed class Retention(IHistoryStorage storage)
{
    /// <param name="records">The first day whose records stay.</param>
    /// <param name="rollups">The first day whose rollup stays.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Exception">One could not be deleted. All others were.</exception>
    public async Task DeleteBeforeAsync(DateOnly records, DateOnly rollups, CancellationToken cancellationToken)
    {
        ExceptionDispatchInfo? refusal = null;
        foreach (var (prefix, first) in new[] { (HistoryNames.Records, records), (HistoryNames.Rollups, rollups) })
        {
            // The oldest come first.
            await foreach (var item in storage.ListAsync(prefix, cancellationToken))
            {
                if (HistoryNames.DayOf(item.Name, prefix) is not { } day)
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
                catch (Exception exception) when (HistoryFailure.IsOfOneItem(exception))
                {
                    // Somebody holds a lease on it, or a law.
                    refusal = ExceptionDispatchInfo.Capture(exception);
                }
            }
        }

        refusal?.Throw();
    }
}
