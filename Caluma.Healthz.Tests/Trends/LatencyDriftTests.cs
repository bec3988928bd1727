using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The p95 of an hour against those of the week before. Values stay 2 % away from a limit, since a histogram is 1 % off.</summary>
public sealed class LatencyDriftTests
{
    [Theory]
    [InlineData(200, 390, "")]
    [InlineData(200, 410, "+latency-drift@25h")]
    [InlineData(20, 45, "")]
    [InlineData(20, 68, "")]
    [InlineData(20, 73, "+latency-drift@25h")]
    [InlineData(60, 115, "")]
    [InlineData(60, 125, "+latency-drift@25h")]
    [InlineData(0.02, 49, "")]
    [InlineData(0.02, 52, "+latency-drift@25h")]
    [InlineData(200, 10, "")]
    public void It_fires_over_twice_the_median_and_50_ms_over_it(double before, double p95, string said) =>
        Assert.Equal(said, new Story().TellHours([.. Enumerable.Repeat(before, 24), p95]));

    [Theory]
    [InlineData(200, 500, 310, "")]
    [InlineData(200, 500, 290, " -latency-drift@26h")]
    [InlineData(20, 100, 47, "")]
    [InlineData(20, 100, 43, " -latency-drift@26h")]
    [InlineData(20, 100, 29, " -latency-drift@26h")]
    [InlineData(100, 300, 140, " -latency-drift@26h")]
    [InlineData(100, 300, 160, "")]
    public void It_ends_below_half_of_that(double before, double p95, double after, string said) =>
        Assert.Equal("+latency-drift@25h" + said, new Story().TellHours([.. Enumerable.Repeat(before, 24), p95, after]));

    [Theory]
    [InlineData(23, "")]
    [InlineData(24, "+latency-drift@25h")]
    public void A_day_at_the_least_is_needed(int hours, string said) =>
        Assert.Equal(said, new Story().TellHours([.. Enumerable.Repeat(100d, hours), 1000]));

    [Fact]
    public void It_fires_once_and_ends_when_the_new_is_the_usual() =>
        Assert.Equal(
            // The median of 168 hours is between the two when 84 of them are new.
            "+latency-drift@201h -latency-drift@285h",
            new Story().TellHours([.. Enumerable.Repeat(200d, 200), .. Enumerable.Repeat(500d, 200)]));

    [Fact]
    public void What_is_older_than_a_week_does_not_count() =>
        Assert.Equal(
            "",
            new Story { Only = AlertRule.LatencyDrift }.TellHours([.. Enumerable.Repeat(900d, 24), .. Enumerable.Repeat(1000d, 20), .. Enumerable.Repeat(1800d, 100)]));

    [Fact]
    public void A_few_hours_that_were_slow_do_not_hide_it() =>
        Assert.Equal("+latency-drift@25h", new Story().TellHours([.. Enumerable.Repeat(200d, 13), .. Enumerable.Repeat(4000d, 11), 410]));

    [Fact]
    public void Failures_and_maintenance_have_no_latency()
    {
        var slow = Enumerable.Range(0, 30).Select(minute => Slow(24, minute, "xmo"[minute / 10]));
        var fast = Enumerable.Range(30, 60).Select(minute => Story.Run(Story.Noon.AddHours(24).AddMinutes(minute), '.', "b"));

        Assert.Equal("", new Story { Only = AlertRule.LatencyDrift, Slo = 50 }.Tell([.. Hours(24), .. slow, .. fast]));
    }

    [Theory]
    [InlineData(3, "")]
    [InlineData(4, "+latency-drift@1d13:00")]
    public void An_hour_needs_four_passes_to_have_a_p95(int passes, string said)
    {
        var hour = Enumerable.Range(0, passes).Select(minute => Slow(24, minute));

        Assert.Equal(said, new Story { Only = AlertRule.LatencyDrift }.Tell([.. Hours(24), .. hour, Slow(25, 0)]));
    }

    [Fact]
    public void It_is_judged_once_the_hour_is_whole()
    {
        var story = new Story { Only = AlertRule.LatencyDrift };

        Assert.Equal("", story.Tell([.. Hours(24), .. Enumerable.Range(0, 60).Select(minute => Slow(24, minute))]));
        Assert.Equal("+latency-drift@1d13:00", story.Tell([Slow(25, 0)]));
    }

    private static IEnumerable<RunRecord> Hours(int hours) =>
        Enumerable.Range(0, hours * 4).Select(quarter => Story.Run(Story.Noon.AddMinutes(quarter * 15), '.', "b"));

    private static RunRecord Slow(int hour, int minute, char verdict = '.')
    {
        var run = Story.Run(Story.Noon.AddHours(hour).AddMinutes(minute), verdict, "c");
        return run with { Checks = [run.Checks[0] with { Ms = 1000 }] };
    }
}
