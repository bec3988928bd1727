using System.Globalization;
using System.Runtime.CompilerServices;

namespace Caluma.Healthz.History;

/// <summary>The names of logs and documents. They sort by time.</summary>
internal static class HistoryNames
{
    public const string Records = "records/";
    public const string Rollups = "rollups/";
    public const string Summaries = "summaries/";

    /// <summary>The document with the summaries of the newest days and their hours.</summary>
    public const string RecentSummary = $"{Summaries}recent.json";

    /// <summary>The name of a day's log.</summary>
    /// <param name="day">The day, UTC.</param>
    /// <param name="part">The part, from 0. The next part begins where one is full or broken.</param>
    public static string Log(DateOnly day, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Records}{Path(day)}{(part == 0 ? "" : $".{part}")}.jsonl");

    public static string Rollup(DateOnly day) => $"{Rollups}{Path(day)}.json";

    /// <summary>The day of a log or a rollup; null for other names.</summary>
    /// <param name="name">The name.</param>
    /// <param name="prefix">The prefix of the kind.</param>
    public static DateOnly? DayOf(string name, string prefix) =>
        name.Length >= prefix.Length + 10
        && DateOnly.TryParseExact(
            name.AsSpan(prefix.Length, 10), "yyyy'/'MM'/'dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    /// <summary>The name of the document with the summaries of a month.</summary>
    public static string Summary(DateOnly month) => string.Create(CultureInfo.InvariantCulture, $"{Summaries}{month:yyyy'/'MM}.json");

    /// <summary>The month of such a document; null for other names.</summary>
    public static DateOnly? MonthOf(string name) => DateOnly.TryParseExact(
        name, $"'{Summaries}'yyyy'/'MM'.json'", CultureInfo.InvariantCulture, DateTimeStyles.None, out var month) ? month : null;

    /// <summary>The logs or rollups of the days of a range, each with its day.</summary>
    public static async IAsyncEnumerable<(DateOnly Day, StoredItem Item)> DaysAsync(
        IHistoryStorage storage, string prefix, DateOnly from, DateOnly to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var period in Periods(from, to))
        {
            await foreach (var item in storage.ListAsync(prefix + period, cancellationToken))
            {
                if (DayOf(item.Name, prefix) is { } day && day >= from && day <= to)
                {
                    yield return (day, item);
                }
            }
        }
    }

    private static string Path(DateOnly day) => day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);

    /// <summary>The prefixes of the names of these days: of their months where they are few, else of their years.</summary>
    private static IEnumerable<string> Periods(DateOnly from, DateOnly to)
    {
        const int Few = 62;
        var format = to.DayNumber - from.DayNumber < Few ? "yyyy'/'MM'/'" : "yyyy'/'";
        return Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1)
            .Select(day => DateOnly.FromDayNumber(day).ToString(format, CultureInfo.InvariantCulture))
            .Distinct();
    }
}
