using System.Globalization;

namespace Caluma.Healthz.History;

/// <summary>What the parts of the history are called. Names sort by time.</summary>
internal static class HistoryNames
{
    public const string Records = "records/";
    public const string Rollups = "rollups/";

    /// <summary>A day's log.</summary>
    /// <param name="day">The day, UTC.</param>
    /// <param name="part">0, and the next where a part is full or broken.</param>
    public static string Log(DateOnly day, int part) =>
        string.Create(CultureInfo.InvariantCulture, $"{Records}{Path(day)}{(part == 0 ? "" : $".{part}")}.jsonl");

    public static string Rollup(DateOnly day) => $"{Rollups}{Path(day)}.json";

    /// <summary>The day of a log or a rollup; null where the name is of neither.</summary>
    /// <param name="name">The name.</param>
    /// <param name="prefix">What it starts with.</param>
    public static DateOnly? DayOf(string name, string prefix) =>
        name.Length >= prefix.Length + 10
        && DateOnly.TryParseExact(
            name.AsSpan(prefix.Length, 10), "yyyy'/'MM'/'dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;

    /// <summary>How many bytes the logs or rollups of each day have, for those days of a range that have one.</summary>
    public static async Task<SortedDictionary<DateOnly, long>> DaysAsync(
        IHistoryStorage storage, string prefix, DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, long>();
        foreach (var period in Periods(from, to))
        {
            await foreach (var item in storage.ListAsync(prefix + period, cancellationToken))
            {
                if (DayOf(item.Name, prefix) is { } day && day >= from && day <= to)
                {
                    days[day] = days.GetValueOrDefault(day) + item.Length;
                }
            }
        }

        return days;
    }

    private static string Path(DateOnly day) => day.ToString("yyyy'/'MM'/'dd", CultureInfo.InvariantCulture);

    /// <summary>What the names of these days start with: the few months they are in, or the years.</summary>
    private static IEnumerable<string> Periods(DateOnly from, DateOnly to)
    {
        const int Few = 62;
        var format = to.DayNumber - from.DayNumber < Few ? "yyyy'/'MM'/'" : "yyyy'/'";
        return Enumerable.Range(from.DayNumber, to.DayNumber - from.DayNumber + 1)
            .Select(day => DateOnly.FromDayNumber(day).ToString(format, CultureInfo.InvariantCulture))
            .Distinct();
    }
}
