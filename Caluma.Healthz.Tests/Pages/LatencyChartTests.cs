using System.Globalization;
using System.Text.RegularExpressions;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed partial class LatencyChartTests
{
    private const int Bottom = 200;

    [Fact]
    public void The_text_says_what_the_chart_shows() =>
        Assert.Equal(
            "databases p95 5.0 ms, p50 3.0 ms at the end; p95 from 5.0 ms to 5.0 ms; 0 failures. Not trending towards the timeout.",
            Describe(Reports.Series(), days: 7));

    [Fact]
    public void Failures_are_counted_and_drawn_as_bands_at_the_foot()
    {
        var check = Hours(hour => hour is 100 or 101 or 150 ? Reports.Period(default, failed: 2) : Reports.Period(default));

        var chart = Draw(check, days: 7);

        Assert.Contains("; 6 failures.", Describe(check, days: 7), StringComparison.Ordinal);
        Assert.Equal(2, Parts(Shape(chart, "failed")));
    }

    [Fact]
    public void The_first_runs_of_an_hour_neither_raise_nor_lower_the_end_of_the_lines()
    {
        var check = Reports.Series();
        var young = EndWith(check, Reports.Period(check.Hours[^1].Start, runs: 1, p50: 900, p95: 900));

        Assert.StartsWith(
            "databases p95 5.0 ms, p50 3.0 ms at the end; p95 from 5.0 ms to 5.0 ms", Describe(young, days: 7), StringComparison.Ordinal);

        var stale = young with { Hours = [.. young.Hours, Reports.Period(Reports.Now, runs: 0, missing: 60, p50: null, p95: null)] };
        Assert.StartsWith("databases p95 5.0 ms, p50 3.0 ms at the end; ", Describe(stale, days: 7), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_each_hour_has_one_run_the_last_one_ends_the_lines()
    {
        var check = Reports.Series();
        var sparse = check with { Hours = [.. check.Hours.Select(hour => hour with { Runs = 1 })] };
        var slow = EndWith(sparse, Reports.Period(check.Hours[^1].Start, runs: 1, p95: 900));

        Assert.StartsWith("databases p95 900 ms", Describe(slow, days: 7), StringComparison.Ordinal);
    }

    [Fact]
    public void Maintenance_and_missing_runs_have_their_own_bands_and_interrupt_the_lines()
    {
        var check = Hours(hour => hour switch
        {
            >= 50 and < 60 => new PeriodTrend(default, 0, 0, 60, 0, null, null),
            >= 100 and < 120 => new PeriodTrend(default, 0, 0, 0, 60, null, null),
            _ => Reports.Period(default),
        });

        var chart = Draw(check, days: 7);

        Assert.Equal((1, 1, 3), (Parts(Shape(chart, "excluded")), Parts(Shape(chart, "missing")), Parts(Shape(chart, "p95"))));
        Assert.Null(Shape(chart, "failed", orNone: true));
    }

    [Fact]
    public void The_lines_are_between_the_foot_and_the_timeout()
    {
        var chart = Draw(Hours(hour => Reports.Period(default, p50: 1, p95: 4000 + hour)), days: 7);

        var timeout = Numbers(Shape(chart, "timeout"))[1];
        var (first, step) = (
            Numbers(Shape(chart, "p95"))[1], Numbers(Shape(chart, "p95")).Skip(3).Where((_, index) => index % 2 == 0).Sum());
        Assert.InRange(timeout, 1, first);
        Assert.InRange(first + step, timeout, first);
        Assert.InRange(Numbers(Shape(chart, "p50"))[1], first, Bottom - 15);
    }

    [Theory]
    [InlineData(1.0, "0.1 ms,1 ms,10 ms,100 ms,1 s,5 s")]
    [InlineData(3.0, "1 ms,10 ms,100 ms,1 s,5 s")]
    [InlineData(700, "100 ms,1 s,5 s")]
    [InlineData(4900, "1 s,5 s")]
    [InlineData(0.0, "0.1 ms,1 ms,10 ms,100 ms,1 s,5 s")]
    public void The_scale_goes_from_the_power_of_ten_below_the_data_to_the_timeout(double p50, string values)
    {
        var chart = Draw(Hours(_ => Reports.Period(default, p50: p50, p95: p50)), days: 7);

        Assert.Equal(values.Split(','), Value().Matches(chart).Select(value => value.Groups["value"].Value.Replace('\u00a0', ' ')));
        var heights = Value().Matches(chart)
            .Select(value => double.Parse(value.Groups["height"].Value, CultureInfo.InvariantCulture)).ToList();
        Assert.All(heights.Zip(heights.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, 8, 100));
    }

    [Theory]
    [InlineData(7, 3, "1000 14", true)]
    [InlineData(7, 20, "1000 ", true)]
    [InlineData(7, 40, null, false)]
    [InlineData(90, 3, "1000 14", true)]
    public void A_forecast_is_drawn_to_the_timeout_if_that_is_near(int days, double daysToTimeout, string? end, bool isDrawn)
    {
        var check = Reports.Series() with { Forecast = new Forecast(1000 / daysToTimeout, 4000, daysToTimeout) };

        var line = Shape(Draw(check, days), "forecast", orNone: true);

        Assert.Equal(isDrawn, line is not null);
        if (end is not null)
        {
            Assert.Contains(end, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_passing_runs_there_is_no_line_and_the_text_says_so()
    {
        var check = Hours(_ => new PeriodTrend(default, 60, 60, 0, 0, null, null)) with { Forecast = null };

        Assert.Equal("databases No run has passed. Not enough history yet to see where it is going.", Describe(check, days: 7));
        Assert.Equal("", Shape(Draw(check, days: 7), "p95"));
    }

    [Fact]
    public void Without_records_the_chart_is_empty()
    {
        var check = Reports.Series() with { Hours = [], Days = [], Forecast = null };

        Assert.All([1, 7, 30, 90], days => Assert.Equal("", Shape(Draw(check, days), "p95")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(90)]
    public void The_chart_is_small_for_any_number_of_days(int days) =>
        Assert.InRange(Draw(Hours(hour => hour % 2 == 0 ? Reports.Period(default, failed: 1, p50: hour + 1, p95: 2 * (hour + 1))
            : Reports.Period(default)), days).Length, 1000, 7500);

    [Fact]
    public void With_scale_auto_the_chart_fits_the_data()
    {
        var chart = Draw(Hours(_ => Reports.Period(default, p50: 3, p95: 7)), days: 7, "&scale=auto");

        Assert.Equal(
            ["0 ms", "2 ms", "4 ms", "6 ms"], Value().Matches(chart).Select(value => value.Groups["value"].Value.Replace('\u00a0', ' ')));
        Assert.Null(Shape(chart, "timeout", orNone: true));
        Assert.InRange(Numbers(Shape(chart, "p95"))[1], 1, Numbers(Shape(chart, "p50"))[1] - 50);
    }

    [Fact]
    public void Times_are_in_the_time_zone_of_the_reader()
    {
        Assert.Contains(">18:00<", Draw(Reports.Series(), days: 1), StringComparison.Ordinal);
        Assert.Contains("x=\"77%\" y=\"98%\">11-22<", Draw(Reports.Series(), days: 1, "&tz=-06:30"), StringComparison.Ordinal);
    }

    private static SeriesTrend EndWith(SeriesTrend check, PeriodTrend last) =>
        check with { Hours = [.. check.Hours.SkipLast(1), last] };

    /// <summary>A check with these hours, given how long ago they are, from 719 to 0, and with such days.</summary>
    private static SeriesTrend Hours(Func<int, PeriodTrend> period) => Reports.Series() with
    {
        Hours = [.. Enumerable.Range(0, 720).Reverse().Select(hour => period(hour) with { Start = Reports.Today.AddHours(12 - hour) })],
        Days = [.. Enumerable.Range(0, 90).Reverse().Select(day => period(day) with { Start = Reports.Today.AddDays(-day) })],
    };

    private static string Draw(SeriesTrend check, int days, string query = "") =>
        LatencyChart.Draw(Reports.Of(check).Page($"?days={days}{query}"), check).ToString();

    private static string Describe(SeriesTrend check, int days) =>
        Tag().Replace(Caption().Match(Draw(check, days)).Value, "").Replace('\u00a0', ' ').Replace("databases", "databases ",
            StringComparison.Ordinal).Replace(".T", ". T", StringComparison.Ordinal).Replace(".N", ". N", StringComparison.Ordinal);

    private static string Shape(string chart, string name) => Shape(chart, name, orNone: false)!;

    private static string? Shape(string chart, string name, bool orNone)
    {
        var path = Regex.Match(chart, $"<path class=\"{name}\" d=\"([^\"]*)\"");
        Assert.True(path.Success || orNone, $"There is no {name}.");
        return path.Success ? path.Groups[1].Value : null;
    }

    private static int Parts(string shape) => shape.Count(character => character == 'M');

    private static List<int> Numbers(string shape) =>
        [.. Number().Matches(shape).Select(number => int.Parse(number.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex("-?[0-9]+")]
    private static partial Regex Number();

    [GeneratedRegex("<figcaption>.*?</figcaption>")]
    private static partial Regex Caption();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();

    [GeneratedRegex("""<text[^>]* x="100%" y="(?<height>[0-9.]+)%" dy=".3em">(?<value>[^<]+)<""")]
    private static partial Regex Value();
}
