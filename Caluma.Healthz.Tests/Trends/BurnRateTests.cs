using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// The burn rules. With an objective of 99.5 % and a run a minute, a burn rate of 14.4 over an hour is 5 failures (4.3), 6 over 6 h are 11
/// (10.8), 3 over a day are 22 (21.6); 1 over three days would be 22, too, but chance needs 41. Failures come in pairs and far apart, so
/// that other rules stay silent.
/// </summary>
public sealed class BurnRateTests
{
    [Theory]
    [InlineData(".3d | x.x.9 x.x.9 x", "+burn-fast@12:24")]
    [InlineData(".3d | xx.10 xx.10 .", "")]
    [InlineData(".3d | x.x.9 x.x.44 x", "+burn-fast@12:59")]
    [InlineData(".3d | xx.10 xx.46 x", "")]
    [InlineData(".3d | .4 xx.10 xx.42 x", "")]
    [InlineData(".3d | .5 x.x.9 x.x.40 x", "+burn-fast@13:00")]
    public void The_fast_rule_triggers_at_five_failures_within_an_hour(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | x.x.9 x.x.9 x .33", "+burn-fast@12:24")]
    [InlineData(".3d | x.x.9 x.x.9 x .34", "+burn-fast@12:24 -burn-fast@12:58")]
    [InlineData(".3d | x.x.9 x.x.9 x .4 x .34", "+burn-fast@12:24 -burn-fast@13:03")]
    public void The_fast_rule_resolves_when_the_five_minutes_were_below_half_for_half_an_hour(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.BurnFast] }.Tell(runs));

    /// <summary>At 95 % a burn rate of 14.4 is 72 % of the runs: 44 of 60 and 4 of 5; half of it is 2 of 5.</summary>
    [Theory]
    [InlineData(".3d | .56 x41 .9", "")]
    [InlineData(".3d | .56 x43", "")]
    [InlineData(".3d | .56 x44", "+burn-fast@13:39")]
    [InlineData(".3d | .52 x42 ..x.xx.", "")]
    [InlineData(".3d | .52 x42 ..x.xxx", "+burn-fast@13:40")]
    [InlineData(".3d | .56 x44 (..xx.)50", "+burn-fast@13:39")]
    public void Both_windows_must_burn_and_between_half_and_the_full_rate_nothing_changes(string runs, string said) =>
        Assert.Equal(said, new Story { Slo = 95, Only = [AlertRule.BurnFast] }.Tell(runs));

    [Theory]
    [InlineData(".3d | (x.x.27)5 x", "+burn-slow@14:30")]
    [InlineData(".3d | (x.x.27)5 .28", "")]
    [InlineData(".3d | (x.x.27)5 .205 x", "+burn-slow@17:55")]
    [InlineData(".3d | (x.x.27)5 .209 x", "+burn-slow@17:59")]
    [InlineData(".3d | (x.x.27)5 .210 x", "")]
    public void The_slow_rule_triggers_at_eleven_failures_within_six_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | (x.x.27)5 x .148", "+burn-slow@14:30")]
    [InlineData(".3d | (x.x.27)5 x .149", "+burn-slow@14:30 -burn-slow@16:59")]
    public void The_slow_rule_resolves_when_the_half_hour_was_below_half_for_two_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    /// <summary>At 95 % a burn rate of 6 is 30 % of the runs: 108 of 357 and 9 of 30; half of it is 5 of 30.</summary>
    [Theory]
    [InlineData(".3d | .251 x106 .9", "")]
    [InlineData(".3d | .251 x108", "+burn-slow@17:58")]
    [InlineData(".3d | .354 x100 .31 (x.3)8", "")]
    [InlineData(".3d | .354 x100 .31 (x.2)12", "+burn-slow@20:29")]
    [InlineData(".3d | .251 x108 (x.4)50", "+burn-slow@17:58")]
    [InlineData(".3d | .251 x108 (x.7)50", "+burn-slow@17:58 -burn-slow@20:24")]
    public void Both_windows_of_the_slow_rule_must_burn(string runs, string said) =>
        Assert.Equal(said, new Story { Slo = 95, Only = [AlertRule.BurnSlow] }.Tell(runs));

    /// <summary>
    /// At noon a window of a day begins 23 h ago, with a whole hour: its 1381 runs allow 20.7 failures. That of three days allows 21.3 of
    /// 4261.
    /// </summary>
    [Theory]
    [InlineData(".3d (x.x.87)10 | xx", "+burn-ticket@12:01")]
    [InlineData(".3d (x.x.87)10 | x.", "")]
    [InlineData(".3d (xx.88)9 x.89 | x", "")]
    [InlineData(".3d (x.x.87)10 .60 | x", "")]
    public void The_ticket_rule_triggers_when_a_day_and_two_hours_burn_at_rate_three(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d (x.104)40 | x", "+burn-ticket@12:00")]
    [InlineData(".3d (x.104)39 .105 | x", "")]
    public void The_ticket_rule_triggers_when_three_days_and_six_hours_burn_at_rate_one(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d (x.x.87)10 | xx .717", "+burn-ticket@12:01")]
    [InlineData(".3d (x.x.87)10 | xx .718", "+burn-ticket@12:01 -burn-ticket@23:59")]
    [InlineData(".3d (x.x.87)10 | xx .300 x .717", "+burn-ticket@12:01 -burn-ticket@1d04:59")]
    public void The_ticket_rule_resolves_when_both_were_below_half_for_six_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(99.9)]
    [InlineData(99.99)]
    [InlineData(99.999)]
    public void One_or_two_failures_trigger_nothing_at_a_strict_objective(double slo)
    {
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | x .3d"));
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | xx .3d"));
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | x .20 x .3d"));
    }

    [Theory]
    [InlineData(99.99, "xx .10 x", "+burn-fast@12:12 -burn-fast@12:46")]
    [InlineData(
        99.99, "x.x .9 x", "+burn-fast@12:12 +burn-slow@12:12 +burn-ticket@12:12 -burn-fast@12:46 -burn-slow@14:39 -burn-ticket@1d00:09")]
    public void Three_failures_trigger_at_a_strict_objective(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo }.Tell($".3d | {runs} .2d"));

    /// <summary>One trouble makes both failures of a pair: chance makes pairs as often as it makes single failures.</summary>
    [Theory]
    [InlineData(".3d | (xx.10)4", "")]
    [InlineData(".3d | (xx.10)4 x", "+burn-fast@12:48")]
    [InlineData(".3d | x6", "+burn-fast@12:05")]
    public void Two_failures_in_a_row_count_as_one_against_chance(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.BurnFast] }.Tell(runs));

    [Theory]
    [InlineData(99.9, ".3d | x .20 x .20 x .15 x", "+burn-fast@12:58")]
    [InlineData(99.9, ".3d | x .20 x .20 x .18 x", "")]
    [InlineData(99.99, ".3d | x .1380 x .56 x", "+burn-ticket@1d11:58")]
    [InlineData(99.99, ".3d | x .1400 x .1400 x .1400 x", "+burn-ticket@3d10:03")]
    [InlineData(99.99, ".3d | x .1400 x .1400 x .1400 .", "")]
    public void The_long_window_needs_more_failures_than_chance(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo }.Tell(runs));

    /// <summary>A burn rate of 6 is 108 of 360 runs at 95 %, and 216 at 90 %.</summary>
    [Theory]
    [InlineData(95, ".3d | .257 x106 .9", "")]
    [InlineData(95, ".3d | .257 x108", "+burn-slow@18:04")]
    [InlineData(90, ".3d | .144 x213 .9", "")]
    [InlineData(90, ".3d | .144 x216", "+burn-slow@17:59")]
    public void A_burn_rate_at_the_limit_triggers(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo, Only = [AlertRule.BurnSlow] }.Tell(runs));

    [Theory]
    [InlineData("xx", "")]
    [InlineData("xx.x", "")]
    [InlineData("xx.xx", "")]
    [InlineData("x.x.9 x.x.9 x", "+burn-fast@12:24")]
    [InlineData("xx.10 xx.10 .", "")]
    [InlineData(".1h x.x.9 x.x.9 x", "+burn-fast@13:24")]
    [InlineData("(x.x.27)5 x", "+burn-slow@14:30")]
    [InlineData("(x.x.27)5 .28", "")]
    public void Time_before_the_history_counts_as_passed(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | mm.10 xx.10 mm.10 x", "")]
    [InlineData(".3d | x.x.9 x.x.9 x.10 mm.10 x", "+burn-fast@12:24")]
    [InlineData(".3d | m99 .9", "")]
    [InlineData(".3d | x.x.9 x.x.9 x o9", "+burn-fast@12:24")]
    [InlineData(".3d | x.x.9 x.x.9 x o33 .", "+burn-fast@12:24 -burn-fast@12:58")]
    public void Failures_during_maintenance_burn_nothing(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.BurnFast] }.Tell(runs));

    [Theory]
    [InlineData("0 */5 * * * *", ".4d | x .5 x .5 .", "")]
    [InlineData("0 */5 * * * *", ".4d | x .5 x .5 x", "")]
    [InlineData("0 */5 * * * *", ".4d | x .3 x .3 x", "+burn-fast@12:40")]
    [InlineData("0 */15 * * * *", ".4d | x .1 x .1 x", "+burn-fast@13:00")]
    [InlineData("0 */30 * * * *", ".4d | x . x . x", "+burn-fast@14:00 +burn-slow@14:00")]
    [InlineData("*/5 * * * * *", ".3d | .719 x46 .99", "+unavailable@13:00:05 -unavailable@13:03:50")]
    [InlineData("*/5 * * * * *", ".3d | .719 x52 .99", "+unavailable@13:00:05 +burn-fast@13:04:10 -unavailable@13:04:20")]
    public void The_rules_work_on_any_schedule(string schedule, string runs, string said) =>
        Assert.Equal(said, new Story { Schedule = schedule }.Tell(runs));
}
