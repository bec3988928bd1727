using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>
/// A page in a browser. The test fails if this page, or one that it links to, loads anything else or makes the browser report an error.
/// </summary>
internal sealed partial class OpenPage : IAsyncDisposable
{
    /// <summary>The variable with a folder that gets a picture of each page.</summary>
    private const string Screenshots = "HEALTHZ_TEST_SCREENSHOTS";

    private static readonly string[] _rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    private static readonly Lazy<string> _axe = new(() =>
    {
        var file = Path.Combine(Repository.Root, "eng", "axe", "node_modules", "axe-core", "axe.min.js");
        return File.Exists(file) ? File.ReadAllText(file) : throw Executable.Missing("axe (eng/axe/node_modules)");
    });

    private readonly List<string> _loaded = [];
    private readonly List<string> _complaints = [];

    private OpenPage(IPage page)
    {
        Page = page;
        page.Request += (_, request) => _loaded.AddRange(request.IsNavigationRequest ? [] : [request.Url]);
        page.Console += (_, message) => _complaints.Add(message.Text);
        page.PageError += (_, error) => _complaints.Add(error);
    }

    public IPage Page { get; }

    public static async Task<OpenPage> LoadAsync(IBrowserContext context, Uri address, int width, ColorScheme colours)
    {
        var opened = new OpenPage(await context.NewPageAsync());
        await opened.ResizeAsync(width, colours == ColorScheme.Dark);
        var response = await opened.Page.GotoAsync(address.AbsoluteUri);
        await DrawAsync(opened.Page);

        Assert.Equal(200, response!.Status);
        opened.AssertIsByItself();
        return opened;
    }

    /// <summary>Shows the page on another screen. It has no script, so this equals opening it there.</summary>
    /// <param name="width">The width of the screen in pixels.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    public async Task ResizeAsync(int width, bool dark = false)
    {
        await Page.SetViewportSizeAsync(width, 800);
        await Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
    }

    /// <summary>The visible text.</summary>
    public async Task<string> ReadAsync() => (await Page.Locator("body").InnerTextAsync()).Replace('\u00a0', ' ');

    /// <summary>The broken rules of axe, each with the places.</summary>
    /// <param name="tags">The tags of the wanted rules, none for all
    /// (https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#axe-core-tags).</param>
    public async Task<IReadOnlyList<string>> InaccessibleAsync(params string[] tags)
    {
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await Page.EvaluateAsync(_axe.Value);
        }

        // Of the rules that it keeps it names one place, which takes less time: resultTypes.
        var found = await Page.EvaluateAsync<JsonElement>(
            """
            tags => axe.run({ runOnly: tags, preload: false, resultTypes: ['violations'] })
              .then(result => result.violations.length + result.passes.length === 0
                ? ['no rule was applied']
                : result.violations.map(rule =>
                  `${rule.id}: ${rule.nodes.map(node => node.target + ' ' + node.failureSummary).join('; ')}`))
            """,
            tags.Length > 0 ? tags : _rules);
        return [.. found.EnumerateArray().Select(rule => rule.GetString()!)];
    }

    /// <summary>The number of pixels beyond the width of the screen.</summary>
    public Task<int> OverflowAsync() =>
        Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async ValueTask DisposeAsync()
    {
        await Page.CloseAsync();
        AssertIsByItself();
    }

    private static async Task DrawAsync(IPage page)
    {
        if (Environment.GetEnvironmentVariable(Screenshots) is { Length: > 0 } folder && await page.Locator("body").CountAsync() > 0)
        {
            var test = TestContext.Current.Test!.TestDisplayName[(TestContext.Current.TestClass!.TestClassName.Length + 1)..];
            var name = Unsafe().Replace(test[..Math.Min(test.Length, 120)], "_");
            await page.ScreenshotAsync(
                new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}-{page.ViewportSize!.Width}.png"), FullPage = true });
        }
    }

    private void AssertIsByItself()
    {
        Assert.Empty(_loaded);
        Assert.Empty(_complaints);
    }

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex Unsafe();
}
