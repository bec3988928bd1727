using Caluma.Healthz.Tests.Servers;
using Microsoft.Playwright;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>
/// The pictures of the README, of the demo's history. Like approved files they are drawn anew with <c>HEALTHZ_TEST_APPROVE=yes ./dev test
/// --filter-class '*PictureTests'</c>.
/// </summary>
[Slow]
public sealed class PictureTests(Services services, Chromium chromium)
{
    private const string Approve = "HEALTHZ_TEST_APPROVE";
    private const int MaxBytes = 250_000;

    [Fact]
    public async Task The_pictures_of_the_README_are_small_and_drawn_on_request()
    {
        await using var server = await DashboardServer.StartAsync(
            services, new InventedHistory { IsDemo = true, Schedule = "0 */3 * * * *" }, "Healthz__Name=production");
        foreach (var (name, dark) in new[] { ("dashboard", false), ("dashboard-dark", true) })
        {
            await using var page = await chromium.OpenAsync(server.Dashboard(), width: 1120, dark: dark);
            var file = Path.Combine(Repository.Root, "docs", $"{name}.png");
            if (Environment.GetEnvironmentVariable(Approve) == "yes")
            {
                // Up to the table of checks.
                var height = await page.Page.Locator("section:has(#checks)").EvaluateAsync<float>(
                    "section => section.getBoundingClientRect().bottom");
                await page.Page.ScreenshotAsync(new PageScreenshotOptions
                {
                    Path = file,
                    FullPage = true,
                    Clip = new Clip { Width = page.Page.ViewportSize!.Width, Height = height + 16 },
                });
            }

            Assert.InRange(new FileInfo(file).Length, 10_000, MaxBytes);
        }
    }
}
