using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Server.Commands;

public sealed class SparklineTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("▁", 5.0)]
    [InlineData("▁▁▁", 5.0, 5.0, 5.0)]
    [InlineData("▁█", 1.0, 2.0)]
    [InlineData("▁▂▃▄▅▆▇█", 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0)]
    [InlineData("█▁▁", 1000.0, 1.0, 2.0)]
    [InlineData("▁█", 0.0, 0.01)]
    public void A_bar_is_as_high_as_its_value_among_the_others(string expected, params double[] values) =>
        Assert.Equal(expected, Sparkline.Of([.. values.Select(value => (false, false, (double?)value))]));

    [Fact]
    public void Failures_maintenance_and_gaps_have_their_own_characters() =>
        Assert.Equal(
            "▁×~·█", Sparkline.Of([(false, false, 1), (true, false, 500), (false, true, null), (false, false, null), (false, false, 500)]));

    [Fact]
    public void Without_a_value_there_is_no_bar() =>
        Assert.Equal("×~·", Sparkline.Of([(true, false, null), (false, true, null), (false, false, null)]));

    [Fact]
    public void Hours_are_shown_by_their_p95() => Assert.Equal("▁█×~▁·", Sparkline.Of(
    [
        Hour(runs: 60, p95: 1),
        Hour(runs: 60, p95: 9),
        Hour(runs: 60, failed: 1, p95: 5),
        Hour(excluded: 60),
        Hour(runs: 30, excluded: 30, p95: 1),
        Hour(),
    ]));

    [Fact]
    public void The_legend_explains_all_other_characters() =>
        Assert.Equal("× failed, ~ maintenance, · nothing recorded", Sparkline.Legend);

    private static PeriodTrend Hour(int runs = 0, int failed = 0, int excluded = 0, double? p95 = null) =>
        new(_start, runs, failed, excluded, 0, p95, p95);
}
