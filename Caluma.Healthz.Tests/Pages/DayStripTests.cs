using System.Text.RegularExpressions;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed partial class DayStripTests
{
    private const double Slo = 99.5;

    [Theory]
    [InlineData(1440, 0, 0, 0, DayShape.Good)]
    [InlineData(1440, 7, 0, 0, DayShape.Blip)]
    [InlineData(1440, 8, 0, 0, DayShape.Failing1)]
    [InlineData(1440, 29, 0, 0, DayShape.Failing2)]
    [InlineData(1440, 144, 0, 0, DayShape.Failing3)]
    [InlineData(1440, 720, 0, 0, DayShape.Failing4)]
    [InlineData(1380, 0, 60, 0, DayShape.Maintenance)]
    [InlineData(0, 0, 60, 0, DayShape.Maintenance)]
    [InlineData(1380, 1, 60, 0, DayShape.Blip)]
    [InlineData(0, 0, 0, 1440, DayShape.Missing)]
    [InlineData(700, 0, 0, 740, DayShape.Missing)]
    [InlineData(720, 0, 0, 720, DayShape.Good)]
    [InlineData(10, 10, 0, 1430, DayShape.Failing4)]
    public void The_shape_of_a_day_is_its_worst_known_state(int runs, int failed, int excluded, int missing, object state) =>
        Assert.Equal(state, DayStrip.ShapeOf(Reports.Period(Reports.Today, failed, excluded, missing, runs), Slo));

    [Fact]
    public void Each_state_has_a_shape_of_its_own()
    {
        var shapes = Path().Matches(DayStrip.Definitions.ToString()).Select(path => path.Groups["shape"].Value).ToList();

        Assert.Equal(Enum.GetValues<DayShape>().Length + 4, shapes.Count);
        Assert.Equal(shapes.Count, shapes.Distinct().Count());
    }

    [Fact]
    public void Days_are_in_their_places_and_described_in_words()
    {
        PeriodTrend[] days =
        [
            Reports.Period(Reports.Today.AddDays(-8), failed: 100), Reports.Period(Reports.Today.AddDays(-7)),
            Reports.Period(Reports.Today.AddDays(-5), failed: 1440),
            Reports.Period(Reports.Today.AddDays(-4), failed: 1), Reports.Period(Reports.Today.AddDays(-3), excluded: 60),
            Reports.Period(Reports.Today.AddDays(-2), runs: 0, missing: 1440), Reports.Period(Reports.Today),
        ];

        var strip = Draw(days, shown: 8);

        Assert.Equal(
            ["d-ok M0 0h0 7", "d-few M3 0h0", "d-b4 M2 0h0", "d-off M4 0h0", "d-gap M5 0h0"],
            Path().Matches(strip).Select(path => $"{path.Groups["class"].Value} {path.Groups["shape"].Value}"));
        Assert.EndsWith(
            "<p>2 good · 1 with failures · 1 failing, last <a href=\"?check=databases&amp;target=default&amp;day=2026-11-17\" "
            + "title=\"2026-11-17: 1,440 of 1,440 runs failed\">2026-11-17</a> · 1 maintenance · 1 not recorded "
            + "· 2 before the first record",
            strip,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_bad_days_are_links_with_a_title()
    {
        var day = Reports.Period(Reports.Today.AddDays(-5), failed: 18) with
        {
            Reasons = ReasonCounts.Of([new(Reason.Connect, 16), new(Reason.Timeout, 2)]),
        };
        PeriodTrend[] days = [Reports.Period(Reports.Today.AddDays(-8), failed: 100), day, Reports.Period(Reports.Today.AddDays(-4))];

        var strip = Draw(days, shown: 8, links: 1);

        Assert.Contains("<title>2026-11-17: 18 of 1,440 runs failed (connect ×16, timeout ×2)</title><path d=\"M2 0h1v34h-1z\"/></a>",
            strip, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(strip, "<title>"));
    }

    [Fact]
    public void Days_before_the_first_record_are_blank()
    {
        var strip = Draw([], shown: 90);

        Assert.DoesNotContain(Path().Matches(strip), path => path.Groups["class"].Value != "months");
        Assert.EndsWith("<p>90 before the first record", strip, StringComparison.Ordinal);
    }

    [Fact]
    public void Ninety_days_take_a_few_characters_each()
    {
        var days = Enumerable.Range(-89, 90).Select(day => Reports.Period(
            Reports.Today.AddDays(day), failed: day % 5 == 0 ? 0 : day % 5 == -1 ? 1 : 1440, runs: day % 5 == -2 ? 0 : 1440)).ToList();

        Assert.InRange(Draw(days, shown: 90).Length, 1, 900);
    }

    private static string Draw(IReadOnlyList<PeriodTrend> days, int shown, int links = 0)
    {
        var check = Reports.Series() with { Days = days };
        return DayStrip.Draw(Reports.Of(check).Page(), check, shown, links).ToString().TrimEnd();
    }

    [GeneratedRegex("""<path class="(?<class>[a-z0-9-]+)" d="(?<shape>[^"]+)"/>""")]
    private static partial Regex Path();
}
