using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed class WordsTests
{
    [Theory]
    [InlineData("00:00:00.5", "less than a second")]
    [InlineData("00:00:59", "59 s")]
    [InlineData("00:04:59", "4 min 59 s")]
    [InlineData("00:05:59", "5 min")]
    [InlineData("00:40:00", "40 min")]
    [InlineData("03:00:59", "3 h")]
    [InlineData("23:59:00", "23 h 59 min")]
    [InlineData("1.01:00:00", "1 day 1 h")]
    [InlineData("9.23:00:00", "9 days 23 h")]
    [InlineData("10.23:00:00", "10 days")]
    public void A_duration_is_in_its_two_largest_units(string length, string words) =>
        Assert.Equal(words, Words.Length(TimeSpan.Parse(length, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.26, "0.3\u00a0ms")]
    [InlineData(10.4, "10\u00a0ms")]
    [InlineData(999.4, "999\u00a0ms")]
    [InlineData(4999.0, "5.0\u00a0s")]
    public void A_latency_has_two_significant_digits(double? milliseconds, string words) =>
        Assert.Equal(words, Words.Latency(milliseconds));

    [Theory]
    [InlineData(0.1, "0.1\u00a0ms")]
    [InlineData(100, "100\u00a0ms")]
    [InlineData(1000, "1\u00a0s")]
    [InlineData(2500, "2.5\u00a0s")]
    public void A_round_latency_has_no_decimals(double milliseconds, string words) => Assert.Equal(words, Words.RoundLatency(milliseconds));

    [Theory]
    [InlineData(null, "–")]
    [InlineData(100.0, "100\u00a0%")]
    [InlineData(99.9999, "99.99\u00a0%")]
    [InlineData(99.999, "99.99\u00a0%")]
    [InlineData(99.5, "99.50\u00a0%")]
    [InlineData(98.96, "98.96\u00a0%")]
    [InlineData(33.3333, "33.33\u00a0%")]
    [InlineData(0.0, "0.00\u00a0%")]
    public void A_percentage_is_100_only_without_failures(double? percent, string words) => Assert.Equal(words, Words.Percent(percent));

    [Fact]
    public void Times_are_in_UTC()
    {
        var time = new DateTimeOffset(2026, 11, 22, 1, 30, 0, TimeSpan.FromHours(2));

        Assert.Equal("2026-11-21 23:30", Words.Time(time));
        Assert.Equal("2026-11-21 23:30:05", Words.Time(time.AddSeconds(5)));
        Assert.Equal("2026-11-21T23:30Z", Words.Machine(time));
        Assert.Equal("2026-11-21", Words.Day(time));
    }

    [Fact]
    public void Every_rule_and_reason_has_a_text()
    {
        var windows = new RuleWindows(new HealthzOptions());
        Assert.All(Enum.GetValues<AlertRule>(), rule => Assert.NotEqual(Words.Rule(rule, windows), Words.ShortRule(rule)));
        var reasons = Enum.GetValues<Reason>().Select(reason => Words.Reason(reason)).ToList();
        Assert.Equal(reasons.Count, reasons.Distinct().Count());
    }

    [Theory]
    [InlineData("0 * * * * *", nameof(AlertRule.BurnFast), "Error budget burning over 14.4x too fast (1 h)")]
    [InlineData("0 */10 * * * *", nameof(AlertRule.BurnFast), "Error budget burning over 14.4x too fast (2 h)")]
    [InlineData("0 * * * * *", nameof(AlertRule.BurnSlow), "Error budget burning over 6x too fast (6 h)")]
    [InlineData("0 * * * * *", nameof(AlertRule.BurnTicket), "Error budget burning over 3x too fast (1 day), or over 1x (3 days)")]
    public void A_burn_rate_is_named_with_the_window_that_the_schedule_gives_it(string schedule, string rule, string text)
    {
        var windows = new RuleWindows(new HealthzOptions { Schedule = Schedule.Parse(schedule, out _)! });

        Assert.Equal(text, Words.Rule(Enum.Parse<AlertRule>(rule), windows));
    }
}
