using System.Globalization;
using System.Text;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The page of reports that a history seldom gives.</summary>
public sealed class DashboardPageTests
{
    private const int MostBytes = 200_000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(90)]
    public void Fifty_targets_on_the_worst_of_all_days_take_less_than_200_KB(int days)
    {
        // 50 databases, each with three checks that fail, every day and every hour in another state, and every rule open for all of them.
        var checks = Enumerable.Range(1, 50)
            .SelectMany(target => new[] { Check.DatabaseMigrations, Check.Databases, Check.DatabaseModels }.Select(check => Worst(check, string.Create(CultureInfo.InvariantCulture, $"customer-{target:00}"))))
            .OrderBy(check => check.Check)
            .ToList();
        var alerts = checks.SelectMany(check => Enum.GetValues<AlertRule>().Select(rule => new Alert(rule, Reports.Today, check.Check, check.Target))).ToList();
        var report = Reports.Of(checks).With([.. alerts, .. alerts.Select(alert => alert with { Since = alert.Since.AddDays(-1), Resolved = Reports.Today })]);

        var size = Encoding.UTF8.GetByteCount(DashboardPage.Render(report, days, target: null));

        TestContext.Current.SendDiagnosticMessage($"{size} bytes for {days} days");
        Assert.InRange(size, MostBytes / 2, MostBytes);
    }

    [Fact]
    public void Names_of_reasons_and_the_first_five_of_what_fails_are_said()
    {
        var page = Render(Reports.Of([.. Enumerable.Range(1, 7).Select(target => Reports.Series(Check.Caches, $"cache{target}").Failing(Reason.Auth, TimeSpan.FromHours(target)))]));

        Assert.Contains("<title>7 checks are failing · Caluma health</title>", page, StringComparison.Ordinal);
        Assert.Contains("<li><b>caches</b> <bdi>cache5</bdi>: <b class=\"bad-text\">auth</b> (the log-in was refused), for 5 h since <time datetime=\"2026-11-22T07:00Z\">2026-11-22 07:00</time></li><li>and 2 more</li>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_from_the_future_is_no_time_ago() =>
        Assert.Contains("less than a second ago", Render(Reports.Of(Reports.Series()) with { Newest = Reports.Now.AddMinutes(1) }), StringComparison.Ordinal);

    [Fact]
    public void Open_alerts_are_said_even_where_all_checks_pass()
    {
        var page = Render(Reports.Of(Reports.Series()).With(new Alert(AlertRule.BurnTicket, Reports.Today, Check.Databases, "default"), new Alert(AlertRule.Flapping, Reports.Today, Check.Databases, "default")));

        Assert.Contains("<title>All checks pass, and 2 alerts are open · Caluma health</title>", page, StringComparison.Ordinal);
        Assert.Contains("<b>databases</b> <bdi>default</bdi> fails more often than its objective allows.", page, StringComparison.Ordinal);
        Assert.Contains("passes, with an alert,", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overspent_budget_and_how_fast_it_goes_is_said()
    {
        var check = Reports.Series();
        var page = Render(Reports.Of(check.With(check.Window("30d") with { BudgetLeft = -0.5, Availability = 99 }).With(check.Window("1h") with { BurnRate = 33.34 })));

        Assert.Contains("<b class=\"bad-text\">none</b><p>overspent by 50.0\u00a0%", page, StringComparison.Ordinal);
        Assert.Contains("<p>fails 33.3 times as often as it may", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_much_slower_than_in_the_week_has_an_arrow()
    {
        var check = Reports.Series();
        var page = Render(Reports.Of(check.With(check.Window("1h") with { P50 = 9, P95 = 4.0 })));

        Assert.Contains("<b class=\"warn-text\">▲ 9.0\u00a0ms</b><p>week 3.0\u00a0ms<td>4.0\u00a0ms<p>week 5.0\u00a0ms", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_alerts_of_other_targets_are_not_shown_with_one_but_those_of_the_recording_are()
    {
        var report = Reports.Of(Reports.Series(target: "mine"), Reports.Series(target: "theirs")).With(
            new Alert(AlertRule.Unavailable, Reports.Today, Check.Databases, "theirs"),
            new Alert(AlertRule.Flapping, Reports.Today, Check.Databases, "mine"),
            new Alert(AlertRule.MissingData, Reports.Today.AddDays(-2), Resolved: Reports.Today.AddDays(-1)));

        var page = DashboardPage.Render(report, 7, "mine");

        Assert.DoesNotContain("theirs", page, StringComparison.Ordinal);
        Assert.Contains("All checks pass, and 1 alert is open", page, StringComparison.Ordinal);
        Assert.Contains("nothing recorded", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_that_was_never_judged_has_no_verdict()
    {
        var page = Render(Reports.Of(Reports.Series() with { Ok = null, Since = null, Forecast = null, Drift = null }));

        Assert.Contains("<p>no verdict", page, StringComparison.Ordinal);
        Assert.Contains("Too little is recorded to tell.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void More_charts_than_twelve_are_for_those_who_ask_for_a_target()
    {
        var report = Reports.Of([.. Enumerable.Range(1, 14).Select(target => Reports.Series(target: $"db{target}"))]);

        Assert.Equal(13, Render(report).Split("<figure>").Length);
        Assert.Contains("2 charts are not shown: add <code>&amp;target=</code>", Render(report), StringComparison.Ordinal);
        Assert.Equal(2, DashboardPage.Render(report, 7, "db14").Split("<figure>").Length);
    }

    private static string Render(TrendReport report) => DashboardPage.Render(report, days: 7, target: null);

    private static SeriesTrend Worst(Check check, string target)
    {
        var series = Reports.Series(check, target).Failing(Reason.Permission, TimeSpan.FromHours(11)) with
        {
            Forecast = new Forecast(123.4, 3456.7, 6.5),
            Days = [.. Enumerable.Range(-89, 90).Select(day => Period(Reports.Today.AddDays(day), -day))],
            Hours = [.. Enumerable.Range(-719, 720).Select(hour => Period(Reports.Today.AddHours(12 + hour), -hour))],
        };
        return series with { Windows = [.. series.Windows.Select(window => window with { Availability = 98.76, P50 = 123, P95 = 234, BudgetLeft = 0.2345, BurnRate = 166.7 })] };
    }

    private static PeriodTrend Period(DateTimeOffset start, int number) => (number % 5) switch
    {
        0 => Reports.Period(start, p50: number + 1, p95: (5 * number) + 1),
        1 => Reports.Period(start, failed: 1, p50: 700, p95: 2000),
        2 => Reports.Period(start, failed: 1440, p50: null, p95: null),
        3 => Reports.Period(start, runs: 0, excluded: 1440, p50: null, p95: null),
        _ => Reports.Period(start, runs: 0, missing: 1440, p50: null, p95: null),
    };
}
