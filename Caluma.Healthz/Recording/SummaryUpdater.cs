using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Recording;

/// <summary>
/// Sums up past days in one document for each month, and the newest days with their hours in another, so that a trend over a year reads a
/// dozen documents. They name the version of each rollup that they were computed from, so a late, lost or torn document costs a reader
/// time, and never leads to a wrong answer.
/// </summary>
internal sealed class SummaryUpdater(DocumentStore documents)
{
    /// <summary>The days that a trend looks at by hours, and one more for a clock that is behind.</summary>
    private const int RecentDays = 32;

    private readonly SortedSet<DateOnly> _reopened = [];
    private bool _hasDayBegun;

    /// <summary>
    /// Marks all documents for the next update, because a day has begun: those that were lost or could not be written are computed
    /// again.
    /// </summary>
    public void Begin() => _hasDayBegun = true;

    /// <summary>Marks the documents of a past day for the next update, because its rollup has changed.</summary>
    public void Reopen(DateOnly day) => _reopened.Add(day);

    /// <summary>Updates the marked documents. A document that fails stays marked.</summary>
    public async Task UpdateAsync(DateOnly today, CancellationToken cancellationToken)
    {
        if (!_hasDayBegun && _reopened.Count == 0)
        {
            return;
        }

        var first = _hasDayBegun ? today.AddDays(-TrendReader.MaxDays) : _reopened.Min;
        var firstOfMonth = new DateOnly(first.Year, first.Month, 1);
        var recent = today.AddDays(-RecentDays);
        var versions = await documents.RollupVersionsAsync(
            recent < firstOfMonth ? recent : firstOfMonth, today.AddDays(-1), cancellationToken);
        var isWritten = await WriteAsync(HistoryNames.RecentSummary, Between(recent, today), day => day, cancellationToken);
        for (var month = firstOfMonth; month < today; month = month.AddMonths(1))
        {
            if (_hasDayBegun || _reopened.Any(day => (day.Year, day.Month) == (month.Year, month.Month)))
            {
                var days = Between(month, month.AddMonths(1));
                isWritten &= await WriteAsync(HistoryNames.Summary(month), days, day => day.WithoutHours(), cancellationToken);
            }
        }

        if (isWritten)
        {
            _hasDayBegun = false;
            _reopened.Clear();
        }

        List<KeyValuePair<DateOnly, string>> Between(DateOnly from, DateOnly to) =>
            [.. versions.Where(day => day.Key >= from && day.Key < to)];
    }

    /// <returns>False where another process has written the document meanwhile.</returns>
    private async Task<bool> WriteAsync(
        string name, List<KeyValuePair<DateOnly, string>> days, Func<DaySummary, DaySummary> shorten, CancellationToken cancellationToken)
    {
        if (days.Count == 0)
        {
            return true;
        }

        var written = await documents.ReadAsync(name, HistoryJson.Default.SummaryDocument, cancellationToken);
        var known = days.ConvertAll(day => written.Value?.Find(day.Key, day.Value));
        if (written.Value?.Days.Count == days.Count && known.TrueForAll(summary => summary is not null))
        {
            return true;
        }

        await Parallel.ForAsync(
            0,
            days.Count,
            DocumentStore.InParallel(cancellationToken),
            async (at, cancellation) =>
            {
                var (day, version) = days[at];
                if (known[at] is null)
                {
                    var rollup = await documents.ReadAsync(HistoryNames.Rollup(day), HistoryJson.Default.DayRollup, cancellation);
                    known[at] = rollup.Value?.Day == day ? shorten(DaySummary.Of(rollup.Value, version)) : null;
                }
            });
        var document = new SummaryDocument { Days = [.. known.OfType<DaySummary>()] };
        return await documents.WriteAsync(name, document, HistoryJson.Default.SummaryDocument, written.ETag, cancellationToken) is not null;
    }
}
