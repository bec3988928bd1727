using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Clocks that are set back and ahead.</summary>
public sealed class ClockTests
{
    [Theory]
    [InlineData(".90 <1h .200", "")]
    [InlineData(".90 <1min .200", "")]
    [InlineData(".90 <1d .200", "")]
    [InlineData(".90 >3min .9", "+missing-data@13:32 -missing-data@13:34")]
    [InlineData(".90 >1d .9 <1d .2d", "+missing-data@13:32 -missing-data@1d13:31")]
    [InlineData(".90 >30d .9 <30d .2d", "+missing-data@13:32 -missing-data@30d13:31")]
    [InlineData(".90 >1d . <1d .2d", "+missing-data@13:32 -missing-data@13:31")]
    [InlineData(".90 <1h .30 >1h .90", "+missing-data@13:32 -missing-data@14:01")]
    public void A_jump_ahead_is_a_gap_and_a_jump_back_is_none(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".90 xx <1h x..", "+unavailable@12:32 -unavailable@12:34")]
    [InlineData(".90 xxx <1h ..", "+unavailable@13:32 -unavailable@12:34")]
    [InlineData(".90 xxx <1h .", "+unavailable@13:32")]
    [InlineData(".90 <1h xxx..", "+unavailable@12:32 -unavailable@12:34")]
    [InlineData(".90 >1d .. <1d xxx..", "+unavailable@13:34 -unavailable@13:36")]
    public void An_outage_is_one_alert_with_any_clock(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.Unavailable] }.Tell(runs));

    [Theory]
    [InlineData(".90 >1d .x.x.x.x.x. <1d .", "+flapping@1d13:40 -flapping@13:41")]
    [InlineData(".90 >1d .x.x.x <1d .9", "")]
    [InlineData(".90 >1d .x.x.x.x.x. <1d .x.x.x.x.x. .90", "+flapping@1d13:40 -flapping@13:41 +flapping@13:51 -flapping@14:49")]
    public void Changes_after_now_do_not_count(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.Flapping] }.Tell(runs));

    [Theory]
    [InlineData(".3d | xx.10 xx.10 <1h x .9", "")]
    [InlineData(".3d | xx.10 xx.10 <1h .90 x", "")]
    [InlineData(".3d | xx.10 xx.10 <20min x .9", "")]
    [InlineData(".3d | >1d .1h x.x.9 x.x.9 x <1d .31", "+burn-fast@1d13:24 -burn-fast@13:55")]
    [InlineData(".3d | >1d .1h xx.10 xx.10 <1d x .2d", "")]
    public void Failures_count_at_their_recorded_time(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.BurnFast] }.Tell(runs));

    [Theory]
    [InlineData(".9 <1d .9 <1h x.x.9 x.x.9 x.x.9")]
    [InlineData(".1 <30d .3d x.x.9 x.x.9 x.x.9")]
    public void A_history_begins_with_its_earliest_run_although_the_clock_was_ahead_at_first(string runs) =>
        Assert.Contains("+burn-fast", new Story().Tell(runs), StringComparison.Ordinal);

    [Fact]
    public void Hours_of_a_clock_that_was_ahead_do_not_stop_later_ones()
    {
        var story = new Story();

        Assert.Equal("+missing-data@13:32 -missing-data@1d13:31", story.Tell(".90 >1d .9 <1d .3d"));
        Assert.All(story.State.Series[0].Hours.Where(hour => hour.Start > Story.At("2.00:00")), hour => Assert.NotNull(hour.P95));
    }
}
