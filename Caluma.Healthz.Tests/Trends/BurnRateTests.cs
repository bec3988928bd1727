using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// How fast the error budget burns. With the objective of 99.5 % and a run a minute, 14.4 times over an hour are 5 failures (4.3), 6
/// times over 6 h are 11 (10.8), 3 times over a day are 22 (21.6); once over three days would be as many, which chance makes too: it
/// takes 41. Failures come in pairs and far apart, so that other rules keep silent.
/// </summary>
public sealed class BurnRateTests
{
    [Theory]
    [InlineData(".3d | xx.10 xx.10 x", "+burn-fast@12:24")]
    [InlineData(".3d | xx.10 xx.10 .", "")]
    [InlineData(".3d | xx.10 xx.45 x", "+burn-fast@12:59")]
    [InlineData(".3d | xx.10 xx.46 x", "")]
    [InlineData(".3d | .4 xx.10 xx.42 x", "")]
    [InlineData(".3d | .5 xx.10 xx.41 x", "+burn-fast@13:00")]
    public void The_fast_rule_fires_on_five_failures_within_the_buckets_of_an_hour(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | xx.10 xx.10 x .33", "+burn-fast@12:24")]
    [InlineData(".3d | xx.10 xx.10 x .34", "+burn-fast@12:24 -burn-fast@12:58")]
    [InlineData(".3d | xx.10 xx.10 x .4 x .34", "+burn-fast@12:24 -burn-fast@13:03")]
    public void It_ends_when_the_five_minutes_have_been_clear_for_half_an_hour(string runs, string said) =>
        Assert.Equal(said, new Story { Only = [AlertRule.BurnFast] }.Tell(runs));

    /// <summary>Of 95 %, 14.4 times are 72 %, which is 44 of 60 and 4 of 5 runs; half of it is 2 of 5.</summary>
    [Theory]
    [InlineData(".3d | .56 x41 .9", "")]
    [InlineData(".3d | .56 x43", "")]
    [InlineData(".3d | .56 x44", "+burn-fast@13:39")]
    [InlineData(".3d | .52 x42 ..x.xx.", "")]
    [InlineData(".3d | .52 x42 ..x.xxx", "+burn-fast@13:40")]
    [InlineData(".3d | .56 x44 (..xx.)50", "+burn-fast@13:39")]
    public void Both_windows_must_burn_and_between_half_and_all_of_it_nothing_changes(string runs, string said) =>
        Assert.Equal(said, new Story { Slo = 95, Only = [AlertRule.BurnFast] }.Tell(runs));

    [Theory]
    [InlineData(".3d | (xx.28)5 x", "+burn-slow@14:30")]
    [InlineData(".3d | (xx.28)5 .28", "")]
    [InlineData(".3d | (xx.28)5 .205 x", "+burn-slow@17:55")]
    [InlineData(".3d | (xx.28)5 .209 x", "+burn-slow@17:59")]
    [InlineData(".3d | (xx.28)5 .210 x", "")]
    public void The_slow_rule_fires_on_eleven_failures_within_six_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | (xx.28)5 x .148", "+burn-slow@14:30")]
    [InlineData(".3d | (xx.28)5 x .149", "+burn-slow@14:30 -burn-slow@16:59")]
    public void It_ends_when_the_half_hour_has_been_clear_for_two_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    /// <summary>Of 95 %, 6 times are 30 %, which is 108 of 357 and 9 of 30 runs; half of it is 5 of 30.</summary>
    [Theory]
    [InlineData(".3d | .251 x106 .9", "")]
    [InlineData(".3d | .251 x108", "+burn-slow@17:58")]
    [InlineData(".3d | .354 x100 .31 (x.3)8", "")]
    [InlineData(".3d | .354 x100 .31 (x.2)12", "+burn-slow@20:29")]
    [InlineData(".3d | .251 x108 (x.4)50", "+burn-slow@17:58")]
    [InlineData(".3d | .251 x108 (x.7)50", "+burn-slow@17:58 -burn-slow@20:24")]
    public void Both_of_its_windows_must_burn_too(string runs, string said) =>
        Assert.Equal(said, new Story { Slo = 95, Only = [AlertRule.BurnSlow] }.Tell(runs));

    /// <summary>
    /// At noon, a day's window begins 23 h ago, with a whole hour: its 1381 runs bear 20.7 failures. That of three days bears 21.3 of
    /// 4261.
    /// </summary>
    [Theory]
    [InlineData(".3d (xx.88)10 | xx", "+burn-ticket@12:01")]
    [InlineData(".3d (xx.88)10 | x.", "")]
    [InlineData(".3d (xx.88)9 x.89 | x", "")]
    [InlineData(".3d (xx.88)10 .60 | x", "")]
    public void The_ticket_rule_fires_where_a_day_and_two_hours_burn_three_times_too_fast(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d (x.104)40 | x", "+burn-ticket@12:00")]
    [InlineData(".3d (x.104)39 .105 | x", "")]
    public void And_where_three_days_and_six_hours_burn_too_fast(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d (xx.88)10 | xx .717", "+burn-ticket@12:01")]
    [InlineData(".3d (xx.88)10 | xx .718", "+burn-ticket@12:01 -burn-ticket@23:59")]
    [InlineData(".3d (xx.88)10 | xx .300 x .717", "+burn-ticket@12:01 -burn-ticket@1d04:59")]
    public void It_ends_when_neither_has_burned_half_as_fast_for_six_hours(string runs, string said) =>
        Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(99.9)]
    [InlineData(99.99)]
    [InlineData(99.999)]
    public void A_blip_or_two_of_a_strict_objective_are_no_alert(double slo)
    {
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | x .3d"));
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | xx .3d"));
        Assert.Equal("", new Story { Slo = slo }.Tell(".3d | x .20 x .3d"));
    }

    [Theory]
    [InlineData(99.99, "+burn-fast@12:12 +burn-slow@12:12 +burn-ticket@12:12 -burn-fast@12:46 -burn-slow@14:39 -burn-ticket@1d00:09")]
    public void Three_are(double slo, string said) => Assert.Equal(said, new Story { Slo = slo }.Tell(".3d | xx .10 x .2d"));

    [Theory]
    [InlineData(99.9, ".3d | x .20 x .20 x .15 x", "+burn-fast@12:58")]
    [InlineData(99.9, ".3d | x .20 x .20 x .18 x", "")]
    [InlineData(99.99, ".3d | x .1380 x .56 x", "+burn-ticket@1d11:58")]
    [InlineData(99.99, ".3d | x .1400 x .1400 x .1400 x", "+burn-ticket@3d10:03")]
    [InlineData(99.99, ".3d | x .1400 x .1400 x .1400 .", "")]
    public void As_many_as_are_no_chance_within_the_long_window_of_a_rule(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo }.Tell(runs));

    /// <summary>Of 95 %, 6 times are 108 of 360 runs, and of 90 %, 216.</summary>
    [Theory]
    [InlineData(95, ".3d | .257 x106 .9", "")]
    [InlineData(95, ".3d | .257 x108", "+burn-slow@18:04")]
    [InlineData(90, ".3d | .144 x213 .9", "")]
    [InlineData(90, ".3d | .144 x216", "+burn-slow@17:59")]
    public void As_fast_as_the_limit_is_too_fast(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo, Only = [AlertRule.BurnSlow] }.Tell(runs));

    [Theory]
    [InlineData("xx", "")]
    [InlineData("xx.x", "")]
    [InlineData("xx.xx", "")]
    [InlineData("xx.10 xx.10 x", "+burn-fast@12:24")]
    [InlineData("xx.10 xx.10 .", "")]
    [InlineData(".1h xx.10 xx.10 x", "+burn-fast@13:24")]
    [InlineData("(xx.28)5 x", "+burn-slow@14:30")]
    [InlineData("(xx.28)5 .28", "")]
    public void What_is_older_than_the_history_counts_as_passed(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData(".3d | mm.10 xx.10 mm.10 x", "")]
    [InlineData(".3d | xx.10 xx.10 x.10 mm.10 x", "+burn-fast@12:24")]
    [InlineData(".3d | m99 .9", "")]
    [InlineData(".3d | xx.10 xx.10 x o9", "+burn-fast@12:24")]
    [InlineData(".3d | xx.10 xx.10 x o33 .", "+burn-fast@12:24 -burn-fast@12:58")]
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
    public void Whatever_the_schedule(string schedule, string runs, string said) =>
        Assert.Equal(said, new Story { Schedule = schedule }.Tell(runs));
}
