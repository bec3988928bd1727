using System.Text.RegularExpressions;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Forms;

/// <summary>Two servers on one history of 90 days: whatever the one in this process shows, the native one shows, to the letter.</summary>
[Slow]
[Native]
public sealed partial class NativePagesTests(NativePagesTests.Pair pair) : IClassFixture<NativePagesTests.Pair>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/healthz/dashboard")]
    [InlineData("/healthz/dashboard?days=90")]
    [InlineData("/healthz/dashboard?days=30&tz=Europe/Zurich")]
    [InlineData("/healthz/dashboard?tz=Pacific/Chatham")]
    [InlineData("/healthz/dashboard?days=2")]
    [InlineData("/healthz/dashboard?tz=Nowhere")]
    [InlineData("/healthz/incidents")]
    [InlineData("/healthz/incidents?tz=America/Caracas")]
    [InlineData("/healthz/incidents?id=nope")]
    [InlineData("/healthz/trend")]
    [InlineData("/healthz/trend?days=90")]
    [InlineData("/healthz/trend?days=0")]
    [InlineData("/healthz/history?only=failing")]
    [InlineData("/healthz/history?format=csv")]
    [InlineData("/healthz/history?from=nonsense")]
    [InlineData("/healthz/badge.svg")]
    [InlineData("/healthz/ping")]
    [InlineData("/healthz/nope")]
    public async Task A_page_is_the_same(string path)
    {
        var (native, here) = ("", "");

        // Again where a second has begun between the two.
        await Deadline.UntilAsync(
            $"{path} is the same", async () => (native, here) is var _
                && (native = await ReadAsync(pair.Native, path)) == (here = await ReadAsync(pair.InProcess, path)),
            () => $"{native}{Environment.NewLine}{here}");

        Assert.NotEqual("", native);
    }

    private static async Task<string> ReadAsync(RunningProbe probe, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,*/*;q=0.8");
        using var response = await probe.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var text = $"{(int)response.StatusCode} {response.Content.Headers}{response.Headers}{body}";
        return Now().Replace(text.Replace(probe.Client.BaseAddress!.Authority, "", StringComparison.Ordinal), "");
    }

    [GeneratedRegex("""(Date: |"now":")[^"\n]*|ETag: .*""")]
    private static partial Regex Now();

    /// <summary>The history, and the two servers.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        private const string Key = "a key";

        private readonly ServerFolder _folder = new("native-pages");

        internal RunningProbe InProcess { get; private set; } = null!;

        internal RunningProbe Native { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            string[] settings =
            [
                "ENABLE_HEALTHZ_ENDPOINT=true", $"HEALTHZ_FUNCTION_KEYS={Key}", "DATABASE_HOST=db", "Healthz__Caches__default=cache",
                $"Healthz__History__Folder={_folder.PathOf($"history{DemoRecorder.Suffix}")}",
                "Healthz__MediaStorage__ConnectionString=UseDevelopmentStorage=true", "Logging__Console__LogLevel__Default=None",
            ];
            await DemoRecorder.ReplaceAsync(
                Settings.Of([.. settings, "Healthz__Schedule=0 30 */3 * * *"]), TestContext.Current.CancellationToken);

            // They record nothing before the next year.
            var serving = Settings.Of([.. settings, "Healthz__Schedule=0 0 0 2 1 *"]);
            InProcess = await ProbeInProcess.StartAsync(serving, Key);
            Native = await RunningProbe.StartAsync(serving, Key);
        }

        public async ValueTask DisposeAsync()
        {
            await Native.DisposeAsync();
            await InProcess.DisposeAsync();
            _folder.Dispose();
        }
    }
}
