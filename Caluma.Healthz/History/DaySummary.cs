using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>The summary of a day. It has a fiftieth of the size of its rollup, or a hundred-and-fiftieth without the hours.</summary>
internal sealed class DaySummary
{
    /// <summary>The hours of a day.</summary>
    public const int HoursOfDay = 24;

    /// <param name="day">The day, UTC.</param>
    /// <param name="version">The version of the day's rollup.</param>
    /// <param name="expected">The number of runs that each of the 24 hours should have; null for an hour without records.</param>
    /// <param name="series">One for each check and target.</param>
    [JsonConstructor]
    public DaySummary(DateOnly day, string version, IReadOnlyList<int?> expected, IReadOnlyList<SeriesSummary> series)
    {
        if (expected.Count != HoursOfDay
            || series.Any(one => one is null or { Recorded.Count: not HoursOfDay } or { Hours.Count: not HoursOfDay }
                || one.Hours is null != one.Latency is null)
            || series.DistinctBy(one => one.Series).Count() != series.Count)
        {
            throw new ArgumentException("A day has 24 hours, and each check and target once.");
        }

        (Day, Version, Expected, Series) = (day, version, expected, series);
    }

    public DateOnly Day { get; }

    public string Version { get; }

    public IReadOnlyList<int?> Expected { get; }

    public IReadOnlyList<SeriesSummary> Series { get; }

    public static DaySummary Of(DayRollup rollup, string version)
    {
        var expected = new int?[HoursOfDay];
        var series = new Dictionary<Series, Tally?[]>();
        foreach (var hour in rollup.Hours)
        {
            expected[hour.Hour] = hour.Expected;
            foreach (var found in hour.Series)
            {
                if (!series.TryGetValue(found.Series, out var hours))
                {
                    series.Add(found.Series, hours = new Tally?[HoursOfDay]);
                }

                hours[hour.Hour] = found.Tally;
            }
        }

        return new DaySummary(rollup.Day, version, expected, [.. series.Select(one => Of(one.Key, one.Value, expected))]);
    }

    /// <summary>The summary without its hours.</summary>
    public DaySummary WithoutHours() =>
        new(Day, Version, Expected, [.. Series.Select(series => series with { Hours = null, Latency = null })]);

    private static SeriesSummary Of(Series series, Tally?[] hours, int?[] expected)
    {
        var day = Tally.Sum([.. hours.OfType<Tally>()]);
        var summaries = Array.ConvertAll(hours, hour => hour is null ? null : PeriodSummary.Of(hour));
        var recorded = Array.ConvertAll(summaries, hour => hour?.Recorded ?? 0);
        return new SeriesSummary(
            series.Check,
            series.Target,
            PeriodSummary.Of(day),
            recorded.SequenceEqual(expected.Select(runs => runs ?? 0)) ? null : recorded,
            summaries,
            day.Latency);
    }
}
