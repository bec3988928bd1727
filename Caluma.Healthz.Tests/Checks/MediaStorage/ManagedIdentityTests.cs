using System.Text;
using System.Text.Json;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

/// <summary>
/// A storage that is opened with the identity of the process: a probe in its own process, and an Azurite that requires a token over TLS.
/// </summary>
[Slow]
public class ManagedIdentityTests(Services services)
{
    /// <summary>Shorter than the client's retries, and longer than the start of a process.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_of_the_identity_opens_the_storage()
    {
        await using var identity = await IdentityEndpoint.StartAsync();

        Assert.Null(await ReasonAsync(identity));
        Assert.Equal(1, identity.Asked);
    }

    [Fact]
    public async Task A_refused_token_fails_with_auth()
    {
        await using var identity = await IdentityEndpoint.StartAsync();
        identity.Audience = "https://vault.azure.net";

        Assert.Equal("auth", await ReasonAsync(identity));
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n", "auth")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>", "auth")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", "auth")]
    public Task An_endpoint_without_a_token_fails_the_storage(string answer, string reason) =>
        TestAsync(FaultMode.Answering(Encoding.ASCII.GetBytes(answer)), reason);

    [Fact]
    public Task An_endpoint_that_hangs_fails_the_storage_in_time() =>
        TestAsync(FaultMode.AcceptsAndNeverAnswers, "timeout", TimeSpan.FromSeconds(3));

    [Fact]
    public Task A_missing_endpoint_fails_the_storage() => TestAsync(FaultMode.Refused, "auth");

    [Fact]
    public async Task Many_runs_fetch_one_token_and_never_show_it()
    {
        await using var identity = await IdentityEndpoint.StartAsync();
        var settings = await SettingsAsync(identity.Environment(), _timeout);
        settings["Logging__LogLevel__Default"] = "Trace";
        await using var probe = await HealthzProcess.StartAsync(settings, ["serve", "--urls", "http://127.0.0.1:0", "--no-auth"]);
        var healthz = new Uri(await probe.UntilListeningAsync(), "/healthz/");
        using var client = new HttpClient();
        var answers = new List<string>();

        for (var run = 0; run < 3; run++)
        {
            answers.Add(await client.GetStringAsync(healthz, Cancel));
        }

        Assert.All(answers, answer => Assert.Equal("""{"media storage service":{"ok":true}}""", answer));
        Assert.Equal(1, identity.Asked);
        Assert.Contains("HealthzRunCompleted", $"{probe.Log}", StringComparison.Ordinal);
        Assert.DoesNotContain(identity.Canary, $"{probe.Log}", StringComparison.OrdinalIgnoreCase);
    }

    private async Task TestAsync(FaultMode fault, string reason, TimeSpan? timeout = null)
    {
        await using var identity = await IdentityEndpoint.StartAsync();
        await using var proxy = FaultServer.Start(fault, identity.EndPoint);

        Assert.Equal(reason, await ReasonAsync(identity, proxy, timeout));
    }

    /// <summary>Runs the check once in a process of its own. Fails if it goes on after its timeout or shows the token.</summary>
    /// <returns>Null where it passes.</returns>
    private async Task<string?> ReasonAsync(IdentityEndpoint identity, FaultServer? proxy = null, TimeSpan? timeout = null)
    {
        var settings = await SettingsAsync(identity.Environment(proxy), timeout ?? _timeout);
        await using var process = await HealthzProcess.RunAsync(settings, ["check", "--format", "json"]);

        Assert.DoesNotContain(identity.Canary, $"{process.Log}", StringComparison.OrdinalIgnoreCase);
        using var report = JsonDocument.Parse($"{process.Log}");
        Assert.InRange(report.RootElement.GetProperty("durationMs").GetDouble(), 0, 2 * (timeout ?? _timeout).TotalMilliseconds);
        var check = Assert.Single(report.RootElement.GetProperty("checks").EnumerateArray());
        Assert.Equal(check.GetProperty("ok").GetBoolean() ? ExitCode.Healthy : ExitCode.Unhealthy, process.ExitCode);
        return check.TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    private async Task<Dictionary<string, string?>> SettingsAsync(IEnumerable<KeyValuePair<string, string?>> environment, TimeSpan timeout)
    {
        var azurite = await services.SecureAzurite;
        var container = await azurite.CreateContainerAsync();
        return new Dictionary<string, string?>(environment)
        {
            ["ENABLE_HEALTHZ_ENDPOINT"] = "true",
            ["Healthz__Checks"] = "media storage service",
            ["Healthz__MediaStorage__ServiceUri"] = azurite.ServiceUri.AbsoluteUri,
            ["Healthz__MediaStorage__Container"] = container.Name,
            ["Healthz__Timeout"] = $"{timeout:c}",
            ["Healthz__MinInterval"] = "00:00:00",
            ["SSL_CERT_FILE"] = azurite.CertificatePath,
        };
    }

    [Slow]
    [Native]
    public sealed class Native(Services services) : ManagedIdentityTests(services);
}
