using System.Text.Json;
using Microsoft.Playwright;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The dashboard as people meet it: in a browser, on real servers.</summary>
[Slow(IsLong = true)]
public sealed class DashboardTests(Chromium chromium, Scenarios scenarios) : IClassFixture<Scenarios>
{
    private const int Phone = 360;
    private const int Wall = 3840;

    private const string OneCheck = "&check=caches&target=default";

    private static readonly string _version = typeof(HealthzServices).Assembly.GetName().Version!.ToString(3);

    public static TheoryData<Scenario> All => [.. Enum.GetValues<Scenario>()];

    [Theory]
    [InlineData(
        Scenario.Healthy, "All checks pass", "All 5 checks passed in the latest run.",
        "Nothing, in 90 days.", "No. No latency is trending towards the timeout")]
    [InlineData(
        Scenario.Failing,
        "1 check is failing · staging",
        "caches at cache/0: connection refused or dropped (connect), failing since 2026-11-22 11:20, for 40 min. "
            + "Try: check that it runs, and listens on this address and port.",
        "caches, in the hour from 2026-11-16 15:00: 1 of 6 runs (connect ×1).",
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
    public async Task It_says_what_is_true_now_what_failed_last_and_whether_it_is_getting_worse(Scenario scenario, params string[] texts)
    {
        await using var page = await OpenAsync(scenario);

        var read = (await page.ReadAsync()).ReplaceLineEndings(" ");

        Assert.Equal($"{texts[0]} · Caluma health {_version}", await page.Page.TitleAsync());
        Assert.All(texts.Skip(1), text => Assert.Contains(text, read, StringComparison.Ordinal));
        Assert.Contains("All times are UTC (UTC+00:00).", read, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_breaks_no_rule_of_accessibility_in_the_light_or_in_the_dark(Scenario scenario)
    {
        await using var page = await OpenAsync(scenario);
        Assert.Empty(await page.InaccessibleAsync());

        // Nothing but colours is different in the dark: see DashboardStyle.
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        Assert.Empty(await page.InaccessibleAsync("cat.color"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_fits_a_phone_and_a_wall(Scenario scenario)
    {
        foreach (var width in new[] { Phone, 768, Wall })
        {
            await using var page = await OpenAsync(scenario, width: width);
            Assert.Equal(0, await page.OverflowAsync());
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('main *, footer *')]
                  .filter(element => !element.closest('.scroll'))
                  .filter(element => {
                    const box = element.getBoundingClientRect()
                    return box.width > 1 && box.right > 0 && box.right > innerWidth + 1
                  })
                  .map(element => element.outerHTML.slice(0, 100))
                """));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_reads_the_same_without_script(Scenario scenario)
    {
        await using var with = await OpenAsync(scenario);
        await using var without = await OpenAsync(scenario, script: false);

        Assert.Equal(await with.ReadAsync(), await without.ReadAsync());
        Assert.Equal(0, await with.Page.Locator("script, [onclick], [onload], iframe, object, embed, form").CountAsync());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task On_paper_all_of_it_is_there_but_the_links_dark_on_light(Scenario scenario)
    {
        await using var page = await OpenAsync(scenario, dark: true);
        var onScreen = await page.Page.Locator("main").InnerTextAsync();
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print, ColorScheme = ColorScheme.Dark });

        Assert.Equal(onScreen, await page.Page.Locator("main").InnerTextAsync());
        Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('nav, .skip')].filter(element => element.getClientRects().length > 0).map(element => "
                + "element.className)"));
        Assert.Equal(["rgb(255, 255, 255)", "rgb(26, 29, 35)"], await ColoursAsync(page));
        Assert.NotEmpty(await page.Page.PdfAsync());
    }

    [Fact]
    public async Task It_is_dark_for_those_who_prefer_that()
    {
        await using var light = await OpenAsync(Scenario.Failing);
        await using var dark = await OpenAsync(Scenario.Failing, dark: true);

        Assert.Equal(["rgb(255, 255, 255)", "rgb(26, 29, 35)"], await ColoursAsync(light));
        Assert.Equal(["rgb(20, 22, 26)", "rgb(232, 234, 238)"], await ColoursAsync(dark));
    }

    [Fact]
    public async Task The_keyboard_gets_everywhere_in_the_order_of_the_page_and_shows_where_it_is()
    {
        await using var page = await OpenAsync(Scenario.Failing);
        var inOrder = await page.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('a:not([tabindex="-1"]), summary, [tabindex="0"]')]
              .filter(element => element.checkVisibility() && element.getClientRects().length > 0).map(element => element.outerHTML)
            """);
        var visited = new List<string>();
        foreach (var _ in inOrder)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            var focus = page.Page.Locator(":focus");
            visited.Add(await focus.EvaluateAsync<string>("element => element.outerHTML"));
            Assert.True(await focus.EvaluateAsync<bool>(
                """
                element => {
                  const style = getComputedStyle(element), box = element.getBoundingClientRect()
                  return style.outlineStyle === 'solid' && parseFloat(style.outlineWidth) >= 2 && box.left >= 0 && box.top >= 0
                }
                """));
        }

        Assert.Equal(inOrder, visited);
        Assert.StartsWith("<a class=\"skip\"", visited[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_link_leads_to_a_heading_and_the_first_one_past_the_links()
    {
        await using var page = await OpenAsync(Scenario.Failing);
        foreach (var link in await page.Page.Locator("nav a[href^='#']").AllAsync())
        {
            var heading = page.Page.Locator((await link.GetAttributeAsync("href"))!);
            Assert.StartsWith(await link.InnerTextAsync(), await heading.InnerTextAsync(), StringComparison.Ordinal);
            Assert.Equal("H2", await heading.EvaluateAsync<string>("element => element.tagName"));
        }

        await page.Page.Keyboard.PressAsync("Tab");
        await page.Page.Keyboard.PressAsync("Enter");

        Assert.Equal("main", await page.Page.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Theory]
    [InlineData(1280)]
    [InlineData(Phone)]
    public async Task A_screen_reader_finds_headings_landmarks_and_the_cells_of_the_checks(int width)
    {
        await using var page = await OpenAsync(Scenario.Failing, width: width);

        var roles = await RolesAsync(page);

        Assert.Equal(1, roles["banner"]);
        Assert.Equal(1, roles["navigation"]);
        Assert.Equal(1, roles["main"]);
        Assert.Equal(1, roles["contentinfo"]);
        // On a phone the charts are folded.
        Assert.Equal(1 + 6 + (width == Phone ? 0 : 5), roles["heading"]);
        Assert.Equal(1, roles["table"]);
        Assert.Equal(8, roles["columnheader"]);
        Assert.Equal(5, roles["rowheader"]);
        Assert.Equal(5 * 7, roles["cell"]);
    }

    [Fact]
    public async Task What_fails_comes_first_then_what_has_an_alert_then_the_others_in_the_order_of_the_report()
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
    public async Task Alerts_that_people_would_call_one_thing_are_one()
    {
        await using var page = await OpenAsync(Scenario.Failing);

        var open = await page.Page.Locator("section:has(#incidents) > ul > li").AllInnerTextsAsync();
        var past = await page.Page.Locator("section:has(#past) .incidents > li").AllInnerTextsAsync();

        Assert.Equal(["caches critical", "database models warning"], open.Select(incident => incident.Split('\n')[0]));
        Assert.Contains("Since 2026-11-22 11:20, for 40 min: connect ×5.", open[0], StringComparison.Ordinal);
        Assert.Contains("First failure 2026-11-22 11:20\nAlert 11:40", open[0], StringComparison.Ordinal);
        Assert.Contains("Resolved caches critical: unavailable, failed too often\n", Assert.Single(past), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData(OneCheck, 1)]
    [InlineData($"{OneCheck}&day=2026-11-16", 0)]
    public async Task Each_page_has_its_accessible_form_on_every_screen(string query, int refreshes)
    {
        foreach (var (width, dark) in new[] { (Phone, true), (1280, false), (Wall, true) })
        {
            await using var page = await OpenAsync(Scenario.Failing, query, width, dark);
            Assert.Empty(await page.InaccessibleAsync());
            Assert.Equal(0, await page.OverflowAsync());
            Assert.Equal(refreshes, await page.Page.GetByText("Pause the refresh").CountAsync());
        }
    }

    [Fact]
    public async Task From_the_overview_three_clicks_lead_to_a_bad_day_and_back_without_a_key_being_asked_for()
    {
        await using var page = await OpenAsync(Scenario.Failing);

        await page.Page.Locator(".checks tbody th a").First.ClickAsync();
        Assert.Equal($"1 check is failing · staging · Caluma health {_version}", await page.Page.TitleAsync());
        Assert.Contains("Last 24 hours", await page.ReadAsync(), StringComparison.Ordinal);

        await page.Page.Locator(".days p a").First.ClickAsync();
        Assert.StartsWith("caches on 2026-11-2", await page.Page.TitleAsync(), StringComparison.Ordinal);

        await page.Page.GetByText("All checks", new PageGetByTextOptions { Exact = true }).ClickAsync();
        Assert.Equal(5, await page.Page.Locator(".checks tbody tr").CountAsync());
    }

    [Fact]
    public async Task Who_signs_in_once_may_follow_all_links_and_the_key_is_nowhere_on_the_pages()
    {
        var server = await scenarios.ServerAsync(Scenario.Failing);
        await using var page = await chromium.OpenAsync(
            new Uri(server.Client.BaseAddress!, "/healthz/dashboard"), password: DashboardServer.Key);

        await page.Page.Locator(".checks tbody th a").First.ClickAsync();

        Assert.Contains("Last 24 hours", await page.ReadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("code=", await page.Page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(DashboardServer.Key, page.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_phone_what_is_long_is_folded_and_unfolds()
    {
        await using var page = await OpenAsync(Scenario.Failing, width: Phone);
        var chart = page.Page.Locator("figure").First;

        Assert.False(await chart.IsVisibleAsync());
        await page.Page.GetByText("Show 5 charts").ClickAsync();
        Assert.True(await chart.IsVisibleAsync());
    }

    [Fact]
    public async Task Fifty_targets_of_which_every_day_was_another_take_less_than_200_KB()
    {
        await using var page = await OpenAsync(Scenario.Many, "&days=90");
        var server = await scenarios.ServerAsync(Scenario.Many);

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
    public async Task The_charts_show_as_many_days_as_were_asked_for(string query, string heading, string ticks)
    {
        await using var page = await OpenAsync(Scenario.Healthy, query);

        Assert.Equal(heading, await page.Page.Locator("#latency").InnerTextAsync());
        Assert.Equal(ticks.Split(','), await page.Page.Locator("figure").First.Locator(".plot text").AllTextContentsAsync());
    }

    [Fact]
    public async Task One_target_can_be_asked_for()
    {
        await using var page = await OpenAsync(Scenario.Many, "&target=customer-07");

        Assert.All(await page.Page.Locator("bdi:visible").AllInnerTextsAsync(), target => Assert.Equal("customer-07", target));
        Assert.Equal(3, await page.Page.Locator(".checks tbody tr").CountAsync());
        Assert.Equal(3, await page.Page.Locator("figure").CountAsync());
    }

    [Fact]
    public async Task A_target_that_does_not_exist_is_said_not_to()
    {
        await using var page = await OpenAsync(Scenario.Hostile, "&target=%3Cb%3Enobody%E2%80%AE");

        Assert.Contains("No such target", await page.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains("No target named \"<b>nobody\uFFFD\". Choose one:", await page.ReadAsync(), StringComparison.Ordinal);
        Assert.Equal(1 + Scenarios.HostileNames.Count, await page.Page.Locator(".verdict li").CountAsync());
    }

    [Fact]
    public async Task A_name_is_shown_as_it_is_and_moves_nothing_on_the_page()
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
    public async Task The_badge_is_a_picture_whose_texts_fit(Scenario scenario, string text)
    {
        var server = await scenarios.ServerAsync(scenario);
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
    /// Where what stands beside a name is: the sign, the check, the verdict and the first number in its row; whether its text goes on
    /// from left to right.
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
            // one that is too long begins a line of its own
            const follows = check[0].left < alias[0].left || check[0].bottom <= alias[0].top
            return follows && alias[0].top <= code[0].top
          })
          return [left('.mark'), left('b'), left('th p'), left('td'), inOrder ? 1 : 0]
        }
        """,
        name);

    private static Task<string[]> ColoursAsync(OpenPage page) =>
        page.Page.EvaluateAsync<string[]>(
            "() => { const style = getComputedStyle(document.body); return [style.backgroundColor, style.color] }");

    /// <summary>How many there are of each role, as Chromium tells assistive technology.</summary>
    private static async Task<Dictionary<string, int>> RolesAsync(OpenPage page)
    {
        var session = await page.Page.Context.NewCDPSessionAsync(page.Page);
        var tree = (await session.SendAsync("Accessibility.getFullAXTree"))!.Value;
        return tree.GetProperty("nodes").EnumerateArray()
            .Where(node => !node.GetProperty("ignored").GetBoolean())
            .CountBy(node => node.GetProperty("role").GetProperty("value").GetString()!)
            .ToDictionary();
    }

    private async Task<OpenPage> OpenAsync(Scenario scenario, string query = "", int width = 1280, bool dark = false, bool script = true) =>
        await chromium.OpenAsync((await scenarios.ServerAsync(scenario)).Dashboard(query), width, dark, script);
}
