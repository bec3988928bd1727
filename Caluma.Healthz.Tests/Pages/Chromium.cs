using System.Collections.Concurrent;
using Caluma.Healthz.Tests.Pages;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Caluma.Healthz.Tests.Pages;

/// <summary>
/// One headless Chromium for the whole run, started when the first test needs it. Each page it opens is a tab of its own.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] _programs = ["chromium", "google-chrome"];

    /// <summary>It is Debian's, which runs as root only without a sandbox, and must not call home: there may be no way there.</summary>
    private static readonly string[] _arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    // One for each kind of reader: the probe sets no cookies.
    private readonly ConcurrentDictionary<(bool Script, string? Password), Lazy<Task<IBrowserContext>>> _contexts = [];

    public async ValueTask DisposeAsync()
    {
        if (_started is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            var (driver, browser) = await _started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    /// <summary>Opens an address, and sees to it that the page asks for nothing else, and the browser complains of nothing.</summary>
    /// <param name="address">Of a page that needs no script.</param>
    /// <param name="width">Of the screen.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    /// <param name="script">Whether the browser runs scripts.</param>
    /// <param name="password">What the reader answers when the browser asks; null for a reader who does not.</param>
    internal async Task<OpenPage> OpenAsync(Uri address, int width = 1280, bool dark = false, bool script = true, string? password = null)
    {
        var context = await _contexts.GetOrAdd((script, password), _ => new Lazy<Task<IBrowserContext>>(CreateContextAsync)).Value;
        return await OpenPage.LoadAsync(context, address, width, dark ? ColorScheme.Dark : ColorScheme.Light);

        async Task<IBrowserContext> CreateContextAsync() => await (await _started.Value).Browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                JavaScriptEnabled = script,
                HttpCredentials = password is null ? null : new HttpCredentials { Username = "anyone", Password = password },
            });
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var program = Array.Find(_programs, Executable.IsInstalled) ?? throw Executable.Missing("Chromium");
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Executable.Find(program), Args = _arguments }));
    }
}
