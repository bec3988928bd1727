using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The overview for unusual reports.</summary>
public sealed class DashboardPageTests
{
    private const int MaxBytes = 200_000;

    /// <summary>As long as the keys of the Functions host.</summary>
    private const string Code = "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGhIjKlMnOpQrStUvWxYz0123==";

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(90)]
    public void Fifty_targets_on_their_worst_days_take_less_than_200_KB(int days)
    {
        // 50 databases with three failing checks each, a different state each day and hour, and all rules open for all of them.
        var checks = Enumerable.Range(1, 50)
            .SelectMany(target => new[] { Check.DatabaseMigrations, Check.Databases, Check.DatabaseModels }.Select(check =>
                Worst(check, string.Create(CultureInfo.InvariantCulture, $"customer-{target:00}"), (Reason)(target % 15))))
            .OrderBy(check => check.Check)
            .ToList();
        var alerts = checks.SelectMany(check =>
            Enum.GetValues<AlertRule>().Select(rule => new Alert(rule, Reports.Today, check.Check, check.Target))).ToList();
        var report = Reports.Of(checks)
            .With([.. alerts, .. alerts.Select(alert => alert with { Since = alert.Since.AddDays(-1), Resolved = Reports.Today })]);
        report = report with
        {
            Incidents =
            [
                .. checks.DistinctBy(check => check.Target).SelectMany(check => new[]
                {
                    Reports.Incident(Reports.Today, check.Check, check.Target).Open(),
                    Reports.Incident(Reports.Today.AddDays(-1), check.Check, check.Target),
                }),
            ],
        };

        var size = Encoding.UTF8.GetByteCount(report.Render($"?days={days}&code={Code}"));

        TestContext.Current.SendDiagnosticMessage($"{size} bytes for {days} days");
        Assert.InRange(size, MaxBytes / 2, MaxBytes);
    }

    [Fact]
    public void A_failing_check_has_its_address_reason_start_and_next_step()
    {
        var page = Reports.Of(Reports.Series(Check.Caches).Failing(Reason.Connect, TimeSpan.FromHours(1))).Render(
            "", "Healthz__Caches__default=redis://:c4n4ry@redis.example:16379/2",
            "Healthz__RunbookUrl=https://wiki.example/caluma?a=1&b=2");

        Assert.Contains("<title>1 check is failing · Caluma health", page, StringComparison.Ordinal);
        Assert.Contains(
            "<b>caches</b></a> at <code>redis.example:16379/2</code>: connection refused or dropped (<b class=\"bad-text\">connect</b>), "
                + "failing since "
            + "<time datetime=\"2026-11-22T11:00Z\">2026-11-22 11:00</time>, for 1 h. <span class=\"try\"><b>Try:</b> check that it runs, "
            + "and listens on this address and port.</span>",
            page,
            StringComparison.Ordinal);
        Assert.Contains(
            "<a href=\"https://wiki.example/caluma?a=1&amp;b=2\" rel=\"noreferrer\">Runbook</a>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("c4n4ry", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_lists_the_first_five_failing_checks()
    {
        var page = Reports.Of([.. Enumerable.Range(1, 7)
            .Select(target => Reports.Series(Check.Caches, $"cache{target}").Failing(Reason.Auth, TimeSpan.FromHours(target)))]).Render();

        Assert.Contains("<title>7 checks are failing · ", page, StringComparison.Ordinal);
        Assert.Contains("<li>and 2 more</li>", page, StringComparison.Ordinal);
        Assert.Equal(5, Regex.Count(page, "class=\"try\""));
    }

    [Fact]
    public void Checks_that_fail_alike_are_one_entry_with_their_address_once()
    {
        var failing = new[] { Check.DatabaseMigrations, Check.Databases, Check.DatabaseModels }
            .Select(check => Reports.Series(check).Failing(Reason.Connect, TimeSpan.FromHours(1)));

        var page = Reports.Of([.. failing, Reports.Series(Check.Caches).Failing(Reason.Connect, TimeSpan.FromHours(2))])
            .Render("", "DATABASE_HOST=db");

        Assert.Contains("<title>4 checks are failing · ", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "class=\"try\""));
        Assert.Matches(
            "<b>database migrations</b></a>, <a [^>]*><b>databases</b></a>, <a [^>]*><b>database models</b></a> "
                + "at <code>db:5432/[^<]*</code>: connection refused",
            page);
    }

    [Fact]
    public void One_entry_for_many_targets_names_the_first_three_with_their_addresses()
    {
        var page = Reports.Of([.. Enumerable.Range(1, 50)
            .Select(target => Reports.Series(Check.Databases, $"db{target}").Failing(Reason.Dns, TimeSpan.FromHours(1)))]).Render(
                "", "Healthz__Databases__db1=Host=one", "Healthz__Databases__db2=Host=two");

        Assert.Matches("<bdi>db1</bdi></a> at <code>one:5432/[^<]*</code>; <a [^>]*><b>databases</b> <bdi>db2</bdi></a> at ", page);
        Assert.Contains("<bdi>db3</bdi></a>, and 47 more: the host name does not resolve", page, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(page, "class=\"try\""));
    }

    [Theory]
    [InlineData(true, "databases archive: passing")]
    [InlineData(false, "databases archive: failing")]
    public void The_page_of_one_check_has_its_name_in_heading_and_tab(bool passes, string text)
    {
        var check = Reports.Series(target: "archive");
        var page = Reports.Of(passes ? check : check.Failing(Reason.Dns, TimeSpan.FromHours(1)), Reports.Series())
            .Render("?check=databases&target=archive");

        Assert.Contains($"<title>{text} · ", page, StringComparison.Ordinal);
        Assert.Contains($"{text}</h2>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_gets_worse_is_a_link_to_the_check()
    {
        var check = Reports.Series(Check.DatabaseModels) with { Forecast = new Forecast(400, 3500, 3.75) };

        Assert.Matches("<a href=[^>]*><b>database models</b></a>: p95 grows by 400\u00a0ms a day", Reports.Of(check).Render());
    }

    [Theory]
    [InlineData(90, "Nothing, in 90 days.")]
    [InlineData(11, "Nothing, in 11 days of records.")]
    [InlineData(1, "Nothing, in 1 day of records.")]
    public void Failed_last_speaks_only_of_days_with_records(int days, string text)
    {
        var check = Reports.Series();
        var page = Reports.Of(check with { Days = [.. check.Days.TakeLast(days)] }).Render();

        Assert.Contains($"<p>{text}</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_has_a_name_and_a_version_in_the_heading_the_tab_and_the_footer()
    {
        var page = Reports.Of(Reports.Series()).Render("", "Healthz__Name=Zürich <test>");
        var version = typeof(HealthzServices).Assembly.GetName().Version!.ToString(3);

        Assert.Contains($"<title>All checks pass · Zürich &lt;test&gt; · Caluma health {version}</title>", page, StringComparison.Ordinal);
        Assert.Contains($"<h1>Caluma health <small>Zürich &lt;test&gt; · {version}</small></h1>", page, StringComparison.Ordinal);
        Assert.Contains($"<p>Caluma health Zürich &lt;test&gt; · {version}. Generated ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_of_the_future_is_shown_as_zero_seconds_ago() =>
        Assert.Contains("less than a second ago",
            (Reports.Of(Reports.Series()) with { Newest = Reports.Now.AddMinutes(1) }).Render(), StringComparison.Ordinal);

    [Fact]
    public void Open_alerts_are_shown_even_if_all_checks_pass()
    {
        var page = Reports.Of(Reports.Series()).With(
            new Alert(AlertRule.BurnTicket, Reports.Today, Check.Databases, "default"),
            new Alert(AlertRule.Flapping, Reports.Today, Check.Databases, "default")).Render();

        Assert.Contains("<title>All checks pass, and 2 alerts are open · ", page, StringComparison.Ordinal);
        Assert.Contains("<b>databases</b></a> fails more often than its objective allows.", page, StringComparison.Ordinal);
        Assert.Matches("passing since <time[^>]*>2026-11-22 00:00</time>, alert open", page);
    }

    [Fact]
    public void The_page_of_a_target_shows_only_its_own_alerts_and_those_of_the_recording()
    {
        var report = Reports.Of(Reports.Series(target: "mine"), Reports.Series(target: "theirs")).With(
            new Alert(AlertRule.Unavailable, Reports.Today, Check.Databases, "theirs"),
            new Alert(AlertRule.Flapping, Reports.Today, Check.Databases, "mine"),
            new Alert(AlertRule.MissingData, Reports.Today));

        var page = report.Render("?target=mine");

        Assert.DoesNotContain("theirs", page, StringComparison.Ordinal);
        Assert.Contains("All checks pass, and 2 alerts are open", page, StringComparison.Ordinal);
        Assert.Contains("Nothing recorded", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_has_at_most_twelve_charts()
    {
        var report = Reports.Of([.. Enumerable.Range(1, 14).Select(target => Reports.Series(target: $"db{target}"))]);

        Assert.Equal(13, report.Render().Split("<figure>").Length);
        Assert.Contains("2 charts are not shown", report.Render(), StringComparison.Ordinal);
        Assert.Equal(2, report.Render("?target=db14").Split("<figure>").Length);
    }

    [Fact]
    public void Failed_last_shows_the_previous_failure_with_its_reason()
    {
        var check = Reports.Series(Check.Caches).Failing(Reason.Connect, TimeSpan.FromHours(2.5));
        PeriodTrend Fails(PeriodTrend hour, Reason reason) => hour with { Failed = 9, Reasons = ReasonCounts.Of([new(reason, 9)]) };
        var hours = check.Hours.Select(hour => (Reports.Now - hour.Start).TotalHours switch
        {
            < 4 => Fails(hour, Reason.Connect),
            > 20.5 and < 21.1 => Fails(hour, Reason.Timeout),
            _ => hour,
        });

        var page = Reports.Of(check with { Hours = [.. hours] }).Render();

        Assert.Matches(
            "<dt>Failed last</dt><dd><p><a [^>]*><b>caches</b></a>, in the hour from <time [^>]*>2026-11-21 15:00</time>: 9 of 1,440 runs "
                + "failed \\(timeout ×9\\)", page);
    }

    [Fact]
    public void A_check_that_failed_in_the_last_run_stays_red_on_a_stale_page()
    {
        var report = Reports.Of(Reports.Series(Check.Caches).Failing(Reason.Timeout, TimeSpan.FromHours(1)));
        var page = (report with { Stale = true, Newest = Reports.Now.AddHours(-3) }).Render();

        Assert.Contains("<title>Unknown: last seen failing · ", page, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict bad-edge\"", page, StringComparison.Ordinal);
        Assert.Contains("Current state unknown: nothing recorded for 3 h. Check that the recorder is running and can write.",
            page, StringComparison.Ordinal);
    }

    [Fact]
    public void Before_the_first_run_the_page_says_when_it_is_due() =>
        Assert.Matches(
            "<p>First run at <time [^>]*>2026-11-23 03:00</time>, in 14 h 59 min",
            (Reports.Of() with { Newest = null }).Render("", "Healthz__Schedule=0 0 3 * * *"));

    [Fact]
    public void Active_and_coming_maintenance_is_at_the_top()
    {
        string[] settings =
        [
            "Healthz__Maintenance__0=2026-11-22T11:00:00Z/2026-11-22T14:00:30Z",
            "Healthz__Maintenance__1=2026-11-23T22:00:00Z/2026-11-24T02:00:00Z",
            "Healthz__Maintenance__2=2026-11-20T22:00:00Z/2026-11-21T02:00:00Z",
            "Healthz__Maintenance__3=2027-11-20T22:00:00Z/2027-11-21T02:00:00Z",
        ];

        var page = Reports.Of(Reports.Series()).Render("", settings);
        var banner = Regex.Match(page, "<div class=\"banner\".*?</div>", RegexOptions.Singleline).Value;

        Assert.Matches(
            "<b>Maintenance</b> since <time[^>]*>2026-11-22 11:00</time>, until <time[^>]*>2026-11-22 14:00:30</time> \\(in 2 h\\)",
            banner);
        Assert.Matches(
            "<b>Planned maintenance</b> <time[^>]*>2026-11-23 22:00</time> to <time[^>]*>2026-11-24 02:00</time>, in 1 day 9 h", banner);
        Assert.Equal(2, Regex.Count(banner, "<p>"));
        Assert.DoesNotContain("banner\"", Reports.Of(Reports.Series()).Render(), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_shown_in_the_wanted_zone_beside_UTC()
    {
        var page = Reports.Of(Reports.Series()).Render("?tz=Europe/Zurich");

        Assert.Contains(
            "<time datetime=\"2026-11-22T12:00Z\">2026-11-22 13:00 <small>12:00 UTC</small></time>", page, StringComparison.Ordinal);
        Assert.Contains("All times are Europe/Zurich (UTC&#x2B;01:00)", page, StringComparison.Ordinal);
        Assert.Contains("href=\"?days=30&amp;tz=Europe%2FZurich#latency\"", page, StringComparison.Ordinal);
    }

    private static SeriesTrend Worst(Check check, string target, Reason reason)
    {
        var series = Reports.Series(check, target).Failing(reason, TimeSpan.FromHours(11)) with
        {
            Forecast = new Forecast(123.4, 3456.7, 6.5),
            Days = [.. Enumerable.Range(-89, 90).Select(day => Period(Reports.Today.AddDays(day), -day))],
            Hours = [.. Enumerable.Range(-719, 720).Select(hour => Period(Reports.Today.AddHours(12 + hour), -hour))],
        };
        return series with
        {
            Windows = [.. series.Windows.Select(
                window => window with { Failed = 1, Availability = 98.76, P50 = 123, P95 = 234, BudgetLeft = 0.2345, BurnRate = 166.7 })],
        };
    }

    private static PeriodTrend Period(DateTimeOffset start, int number) => (number % 5) switch
    {
        0 => Reports.Period(start, p50: number + 1, p95: (5 * number) + 1),
        1 => Failed(start, 1, p50: 700, p95: 2000),
        2 => Failed(start, 1440, p50: null, p95: null),
        3 => Reports.Period(start, runs: 0, excluded: 1440, p50: null, p95: null),
        _ => Reports.Period(start, runs: 0, missing: 1440, p50: null, p95: null),
    };

    private static PeriodTrend Failed(DateTimeOffset start, int failed, double? p50, double? p95) =>
        Reports.Period(start, failed, p50: p50, p95: p95) with { Reasons = ReasonCounts.Of([new(Reason.Permission, failed)]) };
}
