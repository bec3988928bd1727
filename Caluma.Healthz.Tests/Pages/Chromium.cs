using System.Collections.Concurrent;
using Caluma.Healthz.Tests.Pages;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Caluma.Healthz.Tests.Pages;

/// <summary>One headless Chromium for the whole run, started when the first test needs it. Each page is a tab.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>
    /// Without windows it is another program, which takes less than half the processor time:
    /// https://developer.chrome.com/blog/chrome-headless-shell.
    /// </summary>
    private static readonly string[] _programs = ["chromium-headless-shell", "chromium", "google-chrome"];

    /// <summary>
    /// Debian's Chromium, which runs as root only without a sandbox. It must not call home, because there may be no
    /// network.
    /// </summary>
    private static readonly string[] _arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    /// <summary>It ends only what is broken: Playwright's own 30 s pass on a machine that is busy with others.</summary>
    private const float Milliseconds = 180_000;

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> _started = new(StartAsync);

    // One context for each kind of reader; the probe sets no cookies.
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

    /// <summary>Opens an address, and fails if the page loads anything else or the browser reports an error.</summary>
    /// <param name="address">The address.</param>
    /// <param name="width">The width of the screen in pixels.</param>
    /// <param name="dark">Whether the reader prefers dark pages.</param>
    /// <param name="script">Whether the browser runs scripts.</param>
    /// <param name="password">The password that the reader enters; null for none.</param>
    internal async Task<OpenPage> OpenAsync(Uri address, int width = 1280, bool dark = false, bool script = true, string? password = null)
    {
        var context = await _contexts.GetOrAdd((script, password), _ => new Lazy<Task<IBrowserContext>>(CreateContextAsync)).Value;
        return await OpenPage.LoadAsync(context, address, width, dark ? ColorScheme.Dark : ColorScheme.Light);

        async Task<IBrowserContext> CreateContextAsync()
        {
            var created = await (await _started.Value).Browser.NewContextAsync(new BrowserNewContextOptions
            {
                JavaScriptEnabled = script,
                HttpCredentials = password is null ? null : new HttpCredentials { Username = "anyone", Password = password },
            });
            created.SetDefaultTimeout(Milliseconds);
            created.SetDefaultNavigationTimeout(Milliseconds);
            return created;
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Browser)> StartAsync()
    {
        var program = Array.Find(_programs, Executable.IsInstalled) ?? throw Executable.Missing("Chromium");
        var driver = await Playwright.CreateAsync();
        return (driver, await driver.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Executable.Find(program), Args = _arguments }));
    }
}
