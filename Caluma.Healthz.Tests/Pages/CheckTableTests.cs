using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The rows of the overview for unusual reports.</summary>
public sealed class CheckTableTests
{
    [Fact]
    public void An_overspent_budget_is_shown_with_its_burn_rate()
    {
        var check = Reports.Series();
        var page = Reports.Of(check.With(check.Window("30d") with { BudgetLeft = -0.5, Availability = 99 })
            .With(check.Window("1h") with { BurnRate = 33.34, Failed = 9 })).Render();

        Assert.Contains("<b class=\"bad-text\">none</b><p>overspent by 50.00\u00a0%", page, StringComparison.Ordinal);
        Assert.Contains("<p>burning 33.3x too fast (1 h)", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_latency_far_above_that_of_the_week_has_an_arrow()
    {
        var check = Reports.Series();
        var page = Reports.Of(check.With(check.Window("1h") with { P50 = 9, P95 = 4.0 })).Render();

        Assert.Contains("<b class=\"warn-text\">▲ 9.0\u00a0ms</b><p>week 3.0\u00a0ms<td>4.0\u00a0ms<p>week 5.0\u00a0ms",
            page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(9, 5, false)]
    public void A_few_slow_runs_have_no_arrow(int runs, int failed, bool hasArrow)
    {
        var check = Reports.Series();
        var page = Reports.Of(check.With(check.Window("1h") with { Runs = runs, Failed = failed, P50 = 900, P95 = 900 })).Render();

        Assert.Equal(hasArrow, page.Contains('▲', StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "–", "–", "–", "–")]
    [InlineData(7, "0.00\u00a0%", "–", "–", "–")]
    [InlineData(43, "0.00\u00a0%", "0.00\u00a0%", "–", "–")]
    [InlineData(181, "0.00\u00a0%", "0.00\u00a0%", "0.00\u00a0%", "99.41\u00a0%")]
    public void Low_coverage_shows_a_dash(int hours, string day, string week, string month, string budget)
    {
        var check = Reports.Series();
        foreach (var window in check.Windows)
        {
            check = check.With(window with { Failed = window.Runs, Availability = 0, BudgetLeft = 0.9941 });
        }

        var young = check with { Hours = [.. check.Hours.TakeLast(hours)], Days = [.. check.Days.TakeLast(1 + (hours / 24))] };
        var page = Reports.Of(young).Render();

        Assert.Contains($"<td>{day}<td>{week}<td>{month}<td>{budget}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Gaps_lower_the_coverage()
    {
        var check = Reports.Series();
        var page = Reports.Of(check.With(check.Window("7d") with { Runs = 100, Missing = 301 })).Render();

        Assert.Contains("<td>100\u00a0%<td>–<td>100\u00a0%", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_was_never_judged_has_no_verdict()
    {
        var page = Reports.Of(Reports.Series() with { Ok = null, Since = null, Forecast = null, Drift = null }).Render();

        Assert.Contains("<p>no verdict", page, StringComparison.Ordinal);
        Assert.Contains("Not enough history yet.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_stale_page_no_row_is_green()
    {
        var report = Reports.Of(
            Reports.Series(Check.Caches).Failing(Reason.Timeout, TimeSpan.FromHours(1)), Reports.Series(Check.DatabaseModels));

        var rows = Rows((report with { Stale = true, Newest = Reports.Now.AddHours(-3) }).Render());

        Assert.Contains("#bad", rows[0], StringComparison.Ordinal);
        Assert.Contains("<p>last seen <b class=\"bad-text\">failing: timeout</b> since ", rows[0], StringComparison.Ordinal);
        Assert.Contains("#unknown", rows[1], StringComparison.Ordinal);
        Assert.Contains("<p>last seen passing since ", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public void In_maintenance_a_row_shows_the_verdict_before_as_such()
    {
        var check = Reports.Series();
        var row = Assert.Single(Rows(Reports.Of(check.With(check.Window("5m") with { Runs = 0, Excluded = 5 })).Render()));

        Assert.Contains("#note", row, StringComparison.Ordinal);
        Assert.Contains("<p>in maintenance; before that passing since ", row, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_can_show_only_failing_checks()
    {
        var report = Reports.Of(Reports.Series(target: "good"), Reports.Series(target: "bad").Failing(Reason.Dns, TimeSpan.FromHours(1)));

        var (all, failing) = (report.Render(), report.Render("?only=failing"));

        Assert.Equal((2, 1), (Regex.Count(all, "<tr><th scope=\"row\"><svg"), Regex.Count(failing, "<tr><th scope=\"row\"><svg")));
        Assert.Contains("<a href=\"?only=failing\">Failing 1</a>", all, StringComparison.Ordinal);
        Assert.Contains("<a aria-current=\"true\" href=\"?only=failing\">Failing 1</a>", failing, StringComparison.Ordinal);
        Assert.Contains("<p>No check fails.</p>", Reports.Of(Reports.Series()).Render("?only=failing"), StringComparison.Ordinal);
    }

    private static List<string> Rows(string page) =>
        [.. Regex.Matches(page, "<tr><th scope=\"row\"><svg.*").Select(row => row.Value)];

    [Fact]
    public void A_single_target_named_default_is_not_shown()
    {
        Assert.DoesNotContain("<bdi>default</bdi>",
            Reports.Of(Reports.Series(), Reports.Series(Check.Caches, "sessions")).Render(), StringComparison.Ordinal);
        Assert.Contains("<b>databases</b> <bdi>default</bdi>",
            Reports.Of(Reports.Series(), Reports.Series(target: "archive")).Render(), StringComparison.Ordinal);
    }
}
