using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Windows and gaps on schedules of all kinds.</summary>
public sealed class RuleWindowsTests
{
    private const string EveryMinute = "0 * * * * *";

    [Theory]
    [InlineData(EveryMinute, 99.9, "")]
    [InlineData(EveryMinute, 90, "burn-fast: 14.4 times the 10 % of runs that may fail is more than all")]
    [InlineData(
        EveryMinute,
        60,
        "burn-fast: 14.4 times the 40 % of runs that may fail is more than all; "
        + "burn-slow: 6 times the 40 % of runs that may fail is more than all")]
    [InlineData(
        EveryMinute,
        0,
        "burn-fast: 14.4 times the 100 % of runs that may fail is more than all; "
        + "burn-slow: 6 times the 100 % of runs that may fail is more than all")]
    [InlineData(
        "0 0 */8 * * *",
        99.9,
        "latency-drift: with a run every 8 h, 20 runs, which a p95 needs, take more than a day; "
        + "timeout-forecast: with a run every 8 h, 20 runs, which a p95 needs, take more than a day")]
    [InlineData(
        "0 0 0 * * *",
        99.9,
        "burn-fast: with a run every 1 d, 12 runs take more than the 8 days that are remembered; "
        + "burn-slow: with a run every 1 d, 12 runs take more than the 8 days that are remembered; "
        + "burn-ticket: with a run every 1 d, 12 runs take more than the 8 days that are remembered; "
        + "latency-drift: with a run every 1 d, 20 runs, which a p95 needs, take more than a day; "
        + "timeout-forecast: with a run every 1 d, 20 runs, which a p95 needs, take more than a day; "
        + "flapping: with a run every 1 d, 24 runs take more than the 8 days that are remembered")]
    public void A_rule_that_cannot_trigger_says_why(string schedule, double slo, string said) => Assert.Equal(
        said, string.Join("; ", Windows(schedule, slo).CannotTrigger().Select(rule => $"{rule.Rule.Name()}: {rule.Reason}")));

    [Theory]
    [InlineData(EveryMinute, "12:00", "12:03", false)]
    [InlineData(EveryMinute, "12:00", "12:04", true)]
    [InlineData("0 0 8-16 * * *", "14:00", "1.08:00", false)]
    [InlineData("0 0 8-16 * * *", "14:00", "1.09:00", true)]
    public void Three_missing_runs_are_a_gap(string schedule, string before, string after, bool isGap) =>
        Assert.Equal(isGap, Windows(schedule).IsGap(Story.At(before), Story.At(after)));

    [Theory]
    [InlineData(EveryMinute, 3)]
    [InlineData("0 0 */12 * * *", 6)]
    public void A_failure_is_remembered_as_long_as_the_longest_window(string schedule, int days) =>
        Assert.Equal(TimeSpan.FromDays(days), Windows(schedule).Remembered);

    private static RuleWindows Windows(string schedule, double slo = 99.9) =>
        new(new HealthzOptions { Schedule = Schedule.Parse(schedule, out _)!, Slo = slo });
}
