using Caluma.Healthz.Tests.Servers;
using Microsoft.Playwright;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The dashboard in a browser, on real servers.</summary>
[Slow(IsLong = true)]
public sealed class DashboardTests(Services services, Chromium chromium, Scenarios scenarios)
{
    private const string OneCheck = "&check=caches&target=default";

    private static readonly string _version = typeof(HealthzServices).Assembly.GetName().Version!.ToString(3);

    [Theory]
    [InlineData(
        Scenario.Healthy, "All checks pass", "All 5 checks passed in the latest run.",
        "Nothing, in 11 days of records.", "No. No latency is trending towards the timeout")]
    [InlineData(
        Scenario.Failing,
        "1 check is failing · staging",
        "caches at cache/0: connection refused or dropped (connect), failing since 2026-11-22 11:20, for 40 min. "
            + "Try: check that it runs, and listens on this address and port.",
        "caches: 2026-11-16 12:10 to 15:10, for 3 h: connection refused or dropped (connect).",
        "database models: p95 grows by 400 ms a day and reaches the timeout of 5.0 s in 3 days 18 h.")]
    [InlineData(Scenario.Empty, "Nothing recorded yet", "First run at 2026-11-22 12:10, in 9 min (schedule 0 */10 * * * *).")]
    [InlineData(
        Scenario.Stale,
        "Unknown: last seen failing",
        "Current state unknown: nothing recorded for 3 h. Check that the recorder is running and can write. In the last run that was "
            + "recorded, these failed:",
        "caches at cache/0: no answer in time (timeout), failing since 2026-11-22 08:10, for 50 min.")]
    [InlineData(Scenario.Gap, "All checks pass", "5 not recorded", "Resolved recording critical: nothing recorded")]
    [InlineData(Scenario.Maintenance, "In maintenance", "Before that, all 5 checks passed.", "1 maintenance")]
    public async Task The_dashboard_shows_the_state_now_the_last_failure_and_the_trend(Scenario scenario, params string[] texts)
    {
        await using var page = await OpenAsync(scenario);

        var read = (await page.ReadAsync()).ReplaceLineEndings(" ");

        Assert.Equal($"{texts[0]} · Caluma health {_version}", await page.Page.TitleAsync());
        Assert.All(texts.Skip(1), text => Assert.Contains(text, read, StringComparison.Ordinal));
        Assert.Contains("All times are UTC.", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failing_checks_come_first_then_those_with_an_alert_then_the_others()
    {
        await using var page = await OpenAsync(Scenario.Failing);

        var rows = (await page.Page.Locator(".checks tbody th").AllInnerTextsAsync())
            .Select(row => row.Replace("\n\n", "\n", StringComparison.Ordinal)).ToList();
        var charts = await page.Page.Locator("figure h3").AllInnerTextsAsync();

        Assert.Equal(
            [
                "caches\nfailing: connect since 2026-11-22 11:20",
                "database models\npassing since 2026-11-12 12:10, alert open",
                "media storage service\npassing since 2026-11-12 12:10",
                "database migrations\npassing since 2026-11-12 12:10",
                "databases\npassing since 2026-11-12 12:10",
            ],
            rows);
        Assert.Equal(rows.Select(row => row.Split('\n')[0]), charts);
    }

    [Fact]
    public async Task Alerts_of_one_incident_are_shown_as_one()
    {
        await using var page = await OpenAsync(Scenario.Failing);

        var open = await page.Page.Locator("section:has(#incidents) > ul > li").AllInnerTextsAsync();
        var past = await page.Page.Locator("section:has(#past) .incidents > li").AllInnerTextsAsync();

        Assert.Equal(["caches critical", "database models warning"], open.Select(incident => incident.Split('\n')[0]));
        Assert.Contains("Since 2026-11-22 11:20, for 40 min: connection refused or dropped (connect).", open[0], StringComparison.Ordinal);
        Assert.Contains("First failure 2026-11-22 11:20\nAlert 11:40", open[0], StringComparison.Ordinal);
        Assert.Contains("Resolved caches critical: unavailable, failed too often\n", Assert.Single(past), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_clicks_lead_from_the_overview_to_a_bad_day_and_back_without_asking_for_the_key()
    {
        await using var page = await OpenAsync(Scenario.Failing);

        await page.Page.Locator(".checks tbody th a").First.ClickAsync();
        Assert.Equal($"caches: failing · staging · Caluma health {_version}", await page.Page.TitleAsync());
        Assert.Contains("Last 24 hours", await page.ReadAsync(), StringComparison.Ordinal);

        await page.Page.Locator(".days p a").First.ClickAsync();
        Assert.StartsWith("caches on 2026-11-2", await page.Page.TitleAsync(), StringComparison.Ordinal);

        await page.Page.GetByText("All checks", new PageGetByTextOptions { Exact = true }).ClickAsync();
        Assert.Equal(5, await page.Page.Locator(".checks tbody tr").CountAsync());
    }

    [Fact]
    public async Task One_click_leads_from_the_overview_or_a_check_to_an_incident_and_back()
    {
        await using var page = await OpenAsync(Scenario.Failing);
        foreach (var way in new[] { "", OneCheck })
        {
            await page.Page.GotoAsync((await scenarios.ServerAsync(services, Scenario.Failing)).Dashboard(way).AbsoluteUri);
            await page.Page.Locator(".incidents > li a").First.ClickAsync();

            var read = await page.ReadAsync();
            Assert.StartsWith("caches: connection refused or dropped · staging · ", await page.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Contains("caches: connection refused or dropped: connect ×5, 2026-11-22 11:20 to 12:00", read, StringComparison.Ordinal);
            Assert.Contains("Incident opened", read, StringComparison.Ordinal);

            await page.Page.GetByText("All incidents", new PageGetByTextOptions { Exact = true }).ClickAsync();
            Assert.Equal(3, await page.Page.Locator("tbody tr").CountAsync());
            await page.Page.GetByText("All checks", new PageGetByTextOptions { Exact = true }).ClickAsync();
            Assert.Equal(5, await page.Page.Locator(".checks tbody tr").CountAsync());
        }
    }

    [Fact]
    public async Task After_one_sign_in_all_links_work_and_no_page_shows_the_key()
    {
        var server = await scenarios.ServerAsync(services, Scenario.Failing);
        await using var page = await chromium.OpenAsync(
            new Uri(server.Client.BaseAddress!, "/healthz/dashboard"), password: DashboardServer.Key);

        await page.Page.Locator(".checks tbody th a").First.ClickAsync();

        Assert.Contains("Last 24 hours", await page.ReadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("code=", await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(DashboardServer.Key, page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_targets_with_a_different_state_each_day_take_less_than_200_KB()
    {
        await using var page = await OpenAsync(Scenario.Many, "&days=90");
        var server = await scenarios.ServerAsync(services, Scenario.Many);

        var size = (await server.Client.GetByteArrayAsync(server.Dashboard("&days=90"), TestContext.Current.CancellationToken)).Length;
        var targets = await page.Page.Locator(".checks tbody th bdi").AllInnerTextsAsync();
        var checks = await page.Page.Locator(".checks tbody th").AllInnerTextsAsync();

        TestContext.Current.SendDiagnosticMessage($"{size} bytes");
        Assert.Equal(((Scenarios.TargetsOfMany - 2) * 3) + 2, checks.Count);
        Assert.Equal(Scenarios.TargetsOfMany - 2, targets.Distinct().Count());
        Assert.InRange(size, 1, 200_000);
    }

    [Theory]
    [InlineData("", "Latency, last 7 days", "11-16,11-17,11-18,11-19,11-20,11-21,now")]
    [InlineData("&days=1", "Latency, last 1 day", "18:00,11-22,06:00,now")]
    [InlineData("&days=30", "Latency, last 30 days", "10-26,11-02,11-09,11-16,now")]
    [InlineData("&days=90", "Latency, last 90 days", "08-31,09-14,09-28,10-12,10-26,11-09,now")]
    public async Task The_charts_show_the_wanted_days(string query, string heading, string ticks)
    {
        await using var page = await OpenAsync(Scenario.Healthy, query);

        Assert.Equal(heading, await page.Page.Locator("#latency").InnerTextAsync());
        Assert.Equal(ticks.Split(','), await page.Page.Locator("figure").First.Locator(".plot text").AllTextContentsAsync());
    }

    [Fact]
    public async Task The_page_can_show_one_target()
    {
        await using var page = await OpenAsync(Scenario.Many, "&target=customer-07");

        Assert.All(await page.Page.Locator("bdi:visible").AllInnerTextsAsync(), target => Assert.Equal("customer-07", target));
        Assert.Equal(3, await page.Page.Locator(".checks tbody tr").CountAsync());
        Assert.Equal(3, await page.Page.Locator("figure").CountAsync());
    }

    [Fact]
    public async Task An_unknown_target_is_reported()
    {
        await using var page = await OpenAsync(Scenario.Hostile, "&target=%3Cb%3Enobody%E2%80%AE");

        Assert.Contains("No such target", await page.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains("No target named \"<b>nobody\uFFFD\". Choose one:", await page.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(1 + Scenarios.HostileNames.Count, await page.Page.Locator(".verdict li").CountAsync());
    }

    [Fact]
    public async Task Any_name_is_shown_unchanged_and_moves_nothing_on_the_page()
    {
        await using var page = await OpenAsync(Scenario.Hostile);
        var harmless = await PlacesAsync(page, "default");
        foreach (var name in Scenarios.HostileNames)
        {
            Assert.Equal(harmless, await PlacesAsync(page, name));
        }

        Assert.Equal(0, await page.Page.Locator("main script, main img").CountAsync());
    }

    [Theory]
    [InlineData(Scenario.Healthy, "caluma: healthy 100%")]
    [InlineData(Scenario.Failing, "caluma: failing 98.4%")]
    [InlineData(Scenario.Stale, "caluma: stale 99.57%")]
    [InlineData(Scenario.Empty, "caluma: no data")]
    public async Task The_texts_of_the_badge_fit(Scenario scenario, string text)
    {
        var server = await scenarios.ServerAsync(services, scenario);
        await using var page = await chromium.OpenAsync(
            new Uri(server.Client.BaseAddress!, $"/healthz/badge.svg?code={DashboardServer.Key}"));

        Assert.Equal(text, await page.Page.Locator("svg").GetAttributeAsync("aria-label"));
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('text')].filter((text, index) => {
              const field = document.querySelectorAll('path')[index].getBBox(), box = text.getBBox()
              return box.x < field.x + 4 || box.x + box.width > field.x + field.width - 4 || box.width < field.width - 16
            }).map(text => text.textContent)
            """));
    }

    /// <summary>
    /// The places of the sign, the check, the verdict and the first number in the row of a name, and whether its text goes from left to
    /// right.
    /// </summary>
    private static Task<int[]> PlacesAsync(OpenPage page, string name) => page.Page.EvaluateAsync<int[]>(
        """
        name => {
          const rows = [...document.querySelectorAll('.checks tbody tr')].filter(row => row.querySelector('bdi')?.textContent === name)
          const first = rows[0], left = selector => Math.round(first.querySelector(selector).getBoundingClientRect().left)
          const said = [...document.querySelectorAll('.facts li')]
            .filter(item => item.querySelector('bdi')?.textContent === name && item.querySelector('.bad-text'))
          const inOrder = said.every(item => {
            const [check, alias, code] = ['b', 'bdi', '.bad-text'].map(selector => item.querySelector(selector).getClientRects())
            // a name that is too long begins a new line
            const follows = check[0].left < alias[0].left || check[0].bottom <= alias[0].top
            return follows && alias[0].top <= code[0].top
          })
          return [left('.mark'), left('b'), left('th p'), left('td'), inOrder ? 1 : 0]
        }
        """,
        name);

    private async Task<OpenPage> OpenAsync(Scenario scenario, string query = "", int width = 1280, bool dark = false, bool script = true) =>
        await chromium.OpenAsync((await scenarios.ServerAsync(services, scenario)).Dashboard(query), width, dark, script);
}
