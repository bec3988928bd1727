using System.Xml.Linq;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed class BadgeTests
{
    [Theory]
    [InlineData(100.0, "healthy 100%")]
    [InlineData(99.9999, "healthy 99.99%")]
    [InlineData(99.5, "healthy 99.5%")]
    [InlineData(0.004, "healthy 0%")]
    [InlineData(null, "healthy")]
    public void The_availability_is_of_30_days_and_rounded_down(double? availability, string text) =>
        Assert.Equal(text, Text(Report(availability)));

    [Fact]
    public void The_availability_is_that_of_the_worst_check() =>
        Assert.Equal("healthy 98%", Text(Reports.Of(Series(100), Series(98), Series(null), Series(99))));

    [Fact]
    public void One_failing_check_makes_the_badge_red() =>
        Assert.Equal("failing 100%", Text(Reports.Of(Series(100), Series(100).Failing(Reason.Timeout, TimeSpan.Zero))));

    [Fact]
    public void An_old_verdict_is_shown_as_unknown() =>
        Assert.Equal("stale 99%", Text(Reports.Of(Series(99).Failing(Reason.Timeout, TimeSpan.Zero)) with { Stale = true }));

    [Fact]
    public void Without_records_the_badge_says_no_data() =>
        Assert.Equal("no data", Text(Reports.Of() with { Newest = null, Stale = true }));

    [Fact]
    public void The_badge_has_a_text_alternative_and_fits_its_texts()
    {
        var badge = XDocument.Parse(Badge.Draw(Report(99.54))).Root!;

        Assert.Equal("img", badge.Attribute("role")!.Value);
        Assert.Equal("caluma: healthy 99.54%", badge.Attribute("aria-label")!.Value);
        Assert.Equal("caluma: healthy 99.54%", badge.Elements().Single(element => element.Name.LocalName == "title").Value);
        var widths = badge.Descendants().Where(element => element.Name.LocalName == "text")
            .Select(text => (int)text.Attribute("textLength")!);
        Assert.Equal((int)badge.Attribute("width")!, widths.Sum() + (4 * 6));
    }

    private static TrendReport Report(double? availability) => Reports.Of(Series(availability));

    private static SeriesTrend Series(double? availability) => Reports.Series() is var check
        ? check.With(check.Window("30d") with { Availability = availability })
        : null!;

    private static string Text(TrendReport report) =>
        XDocument.Parse(Badge.Draw(report)).Descendants().Last(element => element.Name.LocalName == "text").Value;
}
