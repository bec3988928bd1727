using System.Text.RegularExpressions;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed partial class DayStripTests
{
    private const double Slo = 99.5;

    [Theory]
    [InlineData(1440, 0, 0, 0, DayState.Good)]
    [InlineData(1440, 7, 0, 0, DayState.Blip)]
    [InlineData(1440, 8, 0, 0, DayState.Failing)]
    [InlineData(1380, 0, 60, 0, DayState.Maintenance)]
    [InlineData(0, 0, 60, 0, DayState.Maintenance)]
    [InlineData(1380, 1, 60, 0, DayState.Blip)]
    [InlineData(0, 0, 0, 1440, DayState.Missing)]
    [InlineData(700, 0, 0, 740, DayState.Missing)]
    [InlineData(720, 0, 0, 720, DayState.Good)]
    [InlineData(10, 10, 0, 1430, DayState.Failing)]
    public void A_day_is_what_is_worst_of_what_is_known(int runs, int failed, int excluded, int missing, object state) =>
        Assert.Equal(state, DayStrip.StateOf(Reports.Period(Reports.Today, failed, excluded, missing, runs), Slo));

    [Fact]
    public void Each_state_has_a_shape_of_its_own()
    {
        var shapes = Path().Matches(DayStrip.Definitions.ToString()).Select(path => path.Groups["shape"].Value).ToList();

        Assert.Equal(Enum.GetValues<DayState>().Length + 1, shapes.Count);
        Assert.Equal(shapes.Count, shapes.Distinct().Count());
    }

    [Fact]
    public void Days_stand_where_they_belong_and_are_said_in_words()
    {
        PeriodTrend[] days =
        [
            Reports.Period(Reports.Today.AddDays(-8), failed: 100), Reports.Period(Reports.Today.AddDays(-7)), Reports.Period(Reports.Today.AddDays(-5), failed: 1440),
            Reports.Period(Reports.Today.AddDays(-4), failed: 1), Reports.Period(Reports.Today.AddDays(-3), excluded: 60),
            Reports.Period(Reports.Today.AddDays(-2), runs: 0, missing: 1440), Reports.Period(Reports.Today),
        ];

        var strip = Draw(days, shown: 8);

        Assert.Equal(
            ["d-ok M0 0h0 7", "d-few M3 0h0", "d-bad M2 0h0", "d-off M4 0h0", "d-gap M5 0h0"],
            Path().Matches(strip).Select(path => $"{path.Groups["class"].Value} {path.Groups["shape"].Value}"));
        Assert.EndsWith("<p>2 good · 1 with failures · 1 failing, last 2026-11-17 · 1 maintenance · 1 not recorded · 2 before the first record", strip, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_record_there_is_nothing()
    {
        var strip = Draw([], shown: 90);

        Assert.Empty(Path().Matches(strip));
        Assert.EndsWith("<p>90 before the first record", strip, StringComparison.Ordinal);
    }

    [Fact]
    public void Ninety_days_of_which_each_was_another_take_no_more_than_a_few_characters_each()
    {
        var days = Enumerable.Range(-89, 90).Select(day => Reports.Period(Reports.Today.AddDays(day), failed: day % 5 == 0 ? 0 : day % 5 == -1 ? 1 : 1440, runs: day % 5 == -2 ? 0 : 1440)).ToList();

        Assert.InRange(Draw(days, shown: 90).Length, 1, 600);
    }

    private static string Draw(IReadOnlyList<PeriodTrend> days, int shown) => DayStrip.Draw(days, shown, Reports.Today, Slo).ToString().TrimEnd();

    [GeneratedRegex("""<path class="(?<class>[a-z-]+)" d="(?<shape>[^"]+)"/>""")]
    private static partial Regex Path();
}
