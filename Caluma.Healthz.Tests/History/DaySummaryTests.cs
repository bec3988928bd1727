using System.Text.Json;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>The summary of a day, and the summaries that are refused.</summary>
public sealed class DaySummaryTests
{
    private const int Hours = DaySummary.HoursOfDay;

    [Fact]
    public void A_summary_has_the_hours_of_its_rollup()
    {
        var full = RollupOf(60, 60);
        var summary = DaySummary.Of(full, "v1");
        Assert.Equal((Records.Day, "v1"), (summary.Day, summary.Version));
        Assert.Equal([60, 60, .. Enumerable.Repeat((int?)null, 22)], summary.Expected);
        var series = Assert.Single(summary.Series);
        Assert.Null(series.Recorded);
        Assert.Equal((120, 2, 120), (series.Day.Runs, series.Day.Failed, series.Day.Recorded));
        Assert.Equal([60, 60, .. Enumerable.Repeat((int?)null, 22)], series.Hours!.Select(hour => hour?.Recorded));
        Assert.Equal(1, series.Hours![0]!.Reasons![Reason.Timeout]);

        var withGap = Assert.Single(DaySummary.Of(RollupOf(60, 59), "v1").Series);
        Assert.Equal([60, 59, .. Enumerable.Repeat(0, 22)], withGap.Recorded);
    }

    [Fact]
    public void An_hour_without_failures_has_no_reasons()
    {
        Assert.Null(PeriodSummary.Of(Tally.None).Reasons);
        Assert.Equal(7, new PeriodSummary(Runs: 4, Excluded: 3).Recorded);
    }

    [Fact]
    public void A_summary_needs_24_hours_and_each_check_and_target_once()
    {
        var sound = new SeriesSummary(
            Check.Databases, "a", PeriodSummary.None, new int[Hours], new PeriodSummary?[Hours], new LatencyHistogram());
        SeriesSummary[][] refused =
        [
            [null!],
            [sound with { Recorded = new int[Hours - 1] }],
            [sound with { Hours = new PeriodSummary?[Hours + 1] }],
            [sound with { Recorded = new int[Hours + 1], Hours = new PeriodSummary?[Hours + 1] }],
            [sound with { Hours = null }],
            [sound with { Latency = null }],
            [sound, sound],
        ];

        Of(Hours, sound);
        Of(Hours, sound, sound with { Target = "b" }, sound with { Target = "c", Recorded = null, Hours = null, Latency = null });
        Assert.All(refused, series => Assert.Throws<ArgumentException>(() => Of(Hours, series)));
        Assert.Throws<ArgumentException>(() => Of(Hours - 1, sound));
    }

    [Theory]
    [InlineData("{\"reasons\":{\"timeout\":-1}}")]
    [InlineData("{\"reasons\":{\"timeout\":2400001}}")]
    [InlineData("{\"runs\":-1}")]
    public void Counts_that_cannot_be_those_of_a_day_are_refused(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, HistoryJson.Default.PeriodSummary));

    private static DaySummary Of(int hours, params SeriesSummary[] series) => new(Records.Day, "v1", new int?[hours], series);

    private static DayRollup RollupOf(params int[] runs)
    {
        var rollup = new DayRollup { Day = Records.Day };
        for (var hour = 0; hour < runs.Length; hour++)
        {
            for (var minute = 0; minute < runs[hour]; minute++)
            {
                var tick = Records.Noon.AddHours(hour - 12).AddMinutes(minute);
                rollup.Fold(Records.At(tick, fails: minute == 59 - hour ? Reason.Timeout : null), Schedule.EveryMinute);
            }
        }

        return rollup;
    }
}
