using Caluma.Healthz.Tests.Servers;
using Microsoft.Playwright;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The pages are readable and navigable on every screen, by keyboard and by screen reader.</summary>
[Slow(IsLong = true)]
public sealed class DashboardAccessTests(Services services, Chromium chromium, Scenarios scenarios)
{
    private const int Phone = 360;
    private const int Wall = 3840;

    private const string OneCheck = "&check=caches&target=default";

    public static TheoryData<Scenario> All => [.. Enum.GetValues<Scenario>()];

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_pages_break_no_accessibility_rule_in_light_and_dark(Scenario scenario)
    {
        await using var page = await OpenAsync(scenario);
        Assert.Empty(await page.InaccessibleAsync());

        // The dark style changes only colours: see DashboardStyleTests.
        await page.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        Assert.Empty(await page.InaccessibleAsync("cat.color"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_pages_fit_a_phone_and_a_wall_screen(Scenario scenario)
    {
        await using var page = await OpenAsync(scenario);
        foreach (var width in new[] { Phone, 768, Wall })
        {
            await page.ResizeAsync(width);
            Assert.Equal(0, await page.OverflowAsync());
            Assert.Empty(await page.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('.checks thead')]
                  .filter(head => getComputedStyle(head).position === 'absolute')
                  .flatMap(head => [head, ...head.querySelectorAll('*')])
                  .filter(element => element.getBoundingClientRect().right > 0).map(element => element.textContent)
                """));
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

    [Fact]
    public async Task A_wall_screen_is_used_to_its_edges()
    {
        await using var page = await OpenAsync(Scenario.Failing);
        await page.ResizeAsync(2560);

        Assert.InRange(
            await page.Page.EvaluateAsync<double>("() => document.querySelector('.checks').getBoundingClientRect().width"), 2400, 2560);
    }

    [Theory]
    [InlineData(960)]
    [InlineData(1120)]
    [InlineData(1280)]
    [InlineData(2560)]
    public async Task The_three_answers_stand_beside_each_other(int width)
    {
        await using var page = await OpenAsync(Scenario.Failing);
        await page.ResizeAsync(width);

        Assert.Single((await page.Page.EvaluateAsync<double[]>(
            "() => [...document.querySelectorAll('.answers > div')].map(answer => answer.getBoundingClientRect().top)")).Distinct());
    }

    [Fact]
    public async Task The_time_of_a_reader_and_UTC_stand_on_one_line()
    {
        await using var page = await chromium.OpenAsync(
            (await scenarios.ServerAsync(services, Scenario.Failing)).Dashboard("&tz=Europe/Zurich"));

        Assert.Empty(await page.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('time')]"
                + ".filter(time => time.querySelector('small')?.getBoundingClientRect().top > time.getBoundingClientRect().top + 8)"
                + ".map(time => time.parentElement.textContent)"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_pages_are_the_same_without_script(Scenario scenario)
    {
        await using var with = await OpenAsync(scenario);
        await using var without = await OpenAsync(scenario, script: false);

        Assert.Equal(await with.ReadAsync(), await without.ReadAsync());
        Assert.Equal(0, await with.Page.Locator("script, [onclick], [onload], iframe, object, embed, form").CountAsync());
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_print_shows_everything_except_navigation_in_dark_on_light(Scenario scenario)
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
    public async Task The_pages_are_dark_for_readers_who_prefer_that()
    {
        await using var light = await OpenAsync(Scenario.Failing);
        await using var dark = await OpenAsync(Scenario.Failing, dark: true);

        Assert.Equal(["rgb(255, 255, 255)", "rgb(26, 29, 35)"], await ColoursAsync(light));
        Assert.Equal(["rgb(20, 22, 26)", "rgb(232, 234, 238)"], await ColoursAsync(dark));
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_in_the_order_of_the_page_with_a_visible_focus()
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
    public async Task Every_navigation_link_leads_to_a_heading_and_the_first_one_skips_the_navigation()
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

    [Theory]
    [InlineData("dashboard", "", 1)]
    [InlineData("dashboard", OneCheck, 1)]
    [InlineData("dashboard", $"{OneCheck}&day=2026-11-16", 0)]
    [InlineData("incidents", "", 1)]
    [InlineData("incidents", "&id=cache-default-20261122T112000Z", 1)]
    [InlineData("incidents", "&id=cache-default-20261116T121000Z", 1)]
    public async Task Every_page_is_accessible_on_every_screen(string name, string query, int refreshes)
    {
        var server = await scenarios.ServerAsync(services, Scenario.Failing);
        await using var page = await chromium.OpenAsync(server.Dashboard(query, name));
        foreach (var (width, dark) in new[] { (Phone, true), (1280, false), (Wall, true) })
        {
            await page.ResizeAsync(width, dark);
            Assert.Empty(await page.InaccessibleAsync());
            Assert.Equal(0, await page.OverflowAsync());
            Assert.Equal(refreshes, await page.Page.GetByText("Pause the refresh").CountAsync());
        }
    }

    [Fact]
    public async Task On_a_phone_long_sections_are_folded()
    {
        await using var page = await OpenAsync(Scenario.Failing, width: Phone);
        var chart = page.Page.Locator("figure").First;

        Assert.False(await chart.IsVisibleAsync());
        await page.Page.GetByText("Show 5 charts").ClickAsync();
        Assert.True(await chart.IsVisibleAsync());
    }

    private static Task<string[]> ColoursAsync(OpenPage page) =>
        page.Page.EvaluateAsync<string[]>(
            "() => { const style = getComputedStyle(document.body); return [style.backgroundColor, style.color] }");

    /// <summary>The numbers of elements by role in Chromium's accessibility tree.</summary>
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
        await chromium.OpenAsync((await scenarios.ServerAsync(services, scenario)).Dashboard(query), width, dark, script);
}
