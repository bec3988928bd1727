using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The rules at their limits, and what they say of the beginning of a trouble.</summary>
public sealed class AlertLimitTests
{
    [Fact]
    public void Flapping_counts_the_two_failures_in_a_row_that_have_just_been() =>
        Assert.Equal("+flapping@12:10", new Story { Only = [AlertRule.Flapping] }.Tell(".x.x.x.x.xx"));

    /// <remarks>The two failed at 12:04 and 12:05; the fifth failure after them completes what else it takes.</remarks>
    [Theory]
    [InlineData(".4 xx _50 x.x.x.x.x", "+flapping@13:04")]
    [InlineData(".4 xx _51 x.x.x.x.x", "")]
    public void Flapping_counts_two_failures_in_a_row_of_the_last_hour(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.Flapping] }.Tell(runs));

    [Fact]
    public void Flapping_begins_with_the_first_failure_of_its_hour()
    {
        var state = StateAfter("...x.x.x.x.xx");

        Assert.Equal(Story.At("12:03"), state.Open.Single(alert => alert.Rule == AlertRule.Flapping).Since);
    }

    /// <remarks>The alert of the flapping is the first of all, which only the end of the others can make it.</remarks>
    [Fact]
    public void An_outage_of_what_flaps_ends_after_ten_minutes_of_passes()
    {
        var (engine, state) = (new AlertEngine(new HealthzOptions()), new TrendState());
        var runs = new Story().Runs(("default", ".x.x.x.x.xxx .11")).ToList();
        runs.Take(12).ToList().ForEach(run => engine.Evaluate(state, run));
        state.Open.RemoveAll(alert => alert.Rule is not AlertRule.Flapping and not AlertRule.Unavailable);
        Assert.Equal([AlertRule.Flapping, AlertRule.Unavailable], state.Open.Select(alert => alert.Rule));

        var ended = runs.Skip(12).SelectMany(run => engine.Evaluate(state, run).Alerts).Where(alert => alert.Resolved is not null);

        Assert.Equal(Story.At("12:22"), ended.First(alert => alert.Rule == AlertRule.Unavailable).Resolved);
    }

    [Fact]
    public void A_burn_rate_begins_with_the_first_failure_of_its_long_window()
    {
        var state = StateAfter(".9 x .20 xx .5 xxxxxx");

        Assert.Equal(Story.At("12:09"), state.Open.Single(alert => alert.Rule == AlertRule.BurnFast).Since);
    }

    /// <remarks>Of 360 runs and of 30 just 30 % fail: three times the objective, half of what triggers.</remarks>
    [Fact]
    public void A_burn_rate_of_just_half_keeps_an_alert_open()
    {
        var state = StateAfter("(xxx.......)48", slo: 90);

        Assert.Equal(Story.At("19:59"), state.Series[0].Burned[AlertRule.BurnSlow]);
    }

    [Fact]
    public void A_short_window_alone_does_not_burn()
    {
        var state = StateAfter(".6h x20", slo: 90);

        Assert.DoesNotContain(AlertRule.BurnSlow, state.Series[0].Burned.Keys);
    }

    [Fact]
    public void A_rule_of_two_windows_burns_where_both_do()
    {
        var state = StateAfter("(x.)1440 x.", slo: 90);

        Assert.Equal(Story.Noon.AddMinutes(2881), state.Series[0].Burned[AlertRule.BurnTicket]);
    }

    [Fact]
    public void What_has_burned_is_forgotten_once_it_is_over()
    {
        var state = StateAfter("xxxxxx .4d");

        Assert.Empty(state.Open);
        Assert.Empty(state.Series[0].Burned);
    }

    [Fact]
    public void All_targets_that_are_no_longer_checked_are_forgotten()
    {
        var story = new Story { Only = [AlertRule.Unavailable] };

        Assert.Equal(
            "+unavailable(a)@12:02 +unavailable(b)@12:02 +unavailable(c)@12:02 "
            + "-unavailable(a)@1d12:03 -unavailable(b)@1d12:03 -unavailable(c)@1d12:03",
            story.Tell(("a", "xxx -2d"), ("b", "xxx -2d"), ("c", "xxx -2d"), ("d", ".3 .2d")));
        Assert.Equal("d", Assert.Single(story.State.Series).Target);
    }

    [Fact]
    public void Runs_are_known_for_eight_days()
    {
        var story = new Story();
        var runs = story.Runs(("default", ". _5 .9d")).ToList();
        story.Tell(runs);

        Assert.False(story.State.Seen.Contains(runs[0]));
        Assert.True(story.State.Seen.Contains(runs[^1]));
    }

    [Fact]
    public void An_hour_is_judged_once()
    {
        var state = StateAfter(".61");

        Assert.False(state.Series[0].IsHourUnjudged);
    }

    [Fact]
    public void A_forecast_ends_although_nothing_grows_any_more()
    {
        var (engine, state) = (new AlertEngine(new HealthzOptions()), new TrendState());
        state.Open.Add(new Alert(AlertRule.TimeoutForecast, Story.Noon, Check.Databases, "default"));

        var ended = new Story().Runs(("default", ".5d")).SelectMany(run => engine.Evaluate(state, run).Alerts).ToList();

        Assert.NotNull(Assert.Single(ended, alert => alert.Rule == AlertRule.TimeoutForecast).Resolved);
    }

    [Fact]
    public void Of_a_rollup_the_hours_before_a_moment_are_restored()
    {
        var rollup = new DayRollup { Day = new DateOnly(2026, 11, 22) };
        rollup.Hours.AddRange(Enumerable.Range(10, 3).Select(hour => new HourRollup
        {
            Hour = hour,
            Expected = 60,
            Series = [new SeriesRollup { Check = Check.Databases, Target = "default", Runs = 60, Ok = 59 }],
        }));
        var state = new TrendState();

        AlertEngine.Restore(state, rollup, Story.Noon);

        var series = Assert.Single(state.Series);
        Assert.Equal([Story.At("10:00"), Story.At("11:00")], series.Hours.Select(hour => hour.Start));
        Assert.Equal(Story.At("11:00"), series.Newest);
    }

    [Fact]
    public void A_window_without_runs_burns_nothing() => Assert.Equal(0, new AlertEngine(new HealthzOptions()).BurnRate(0, 0));

    private static TrendState StateAfter(string runs, double? slo = null)
    {
        var story = new Story { Slo = slo ?? new HealthzOptions().Slo };
        story.Tell(runs);
        return story.State;
    }
}
