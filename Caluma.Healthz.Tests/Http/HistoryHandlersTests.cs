using System.Text;
using Azure.Storage.Blobs.Models;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The common behaviour of all routes over the history.</summary>
[Slow]
public sealed class HistoryHandlersTests(Services services)
{
    private static readonly DateTimeOffset _now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Routes =>
        [.. HealthzRoutes.All.Where(route => !route.Methods.Contains("HEAD")).Select(route => route.Path)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_a_history_the_answer_says_how_to_configure_one(string route)
    {
        await using var probe = await StartAsync();
        using var response = await probe.Client.GetAsync(new Uri($"/{route}", UriKind.Relative), Cancel);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Equal("application/json", $"{response.Content.Headers.ContentType}");
        Assert.Equal(
            """{"error":404,"message":"No history is recorded: set Healthz__History__ConnectionString, """
                + """Healthz__History__ServiceUri, Healthz__History__Folder or AzureWebJobsStorage"}""",
            await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task With_the_endpoint_off_nothing_is_found(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await using var probe = await StartAsync([.. await SettingsOfAsync(history), "ENABLE_HEALTHZ_ENDPOINT=false"]);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, new Uri($"/{route}", UriKind.Relative));
            using var response = await probe.Client.SendAsync(request, Cancel);

            Assert.Equal((404, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)));
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Without_the_key_nothing_is_answered_and_the_storage_not_asked(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await using var storage = FaultServer.Start(FaultMode.Proxy, (await services.Azurite).EndPoint);
        await using var probe = await StartAsync(
            [.. await SettingsOfAsync(history),
                $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionStringVia(storage)}"]);
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head, HttpMethod.Post })
        {
            foreach (var key in new[] { "", "wrong" })
            {
                using var client = new HttpClient();
                using var request = new HttpRequestMessage(method, new Uri(probe.Client.BaseAddress!, $"/{route}?code={key}"));
                using var response = await client.SendAsync(request, Cancel);

                Assert.Equal((401, ""), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel)));
            }
        }

        Assert.Equal(0, storage.Accepted);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_answer_must_not_be_stored(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await using var probe = await StartAsync(await SettingsOfAsync(history));
        using var response = await probe.Client.GetAsync(new Uri($"/{route}/", UriKind.Relative), Cancel);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("no-store", $"{response.Headers.CacheControl}");
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Other_methods_are_not_allowed_and_do_not_ask_the_storage(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        foreach (var method in new[] { "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "NONSENSE" })
        {
            var answer = await history.AnswerAsync(new HealthzRequest(method, $"/{route}", ""));

            Assert.Equal((405, 0), (answer.StatusCode, answer.Body.Length));
            Assert.Contains(new KeyValuePair<string, string>("Allow", "GET"), answer.Headers);
        }

        Assert.Equal(0, history.Storage.Calls);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task An_invalid_configuration_is_answered_with_503(string route)
    {
        await using var probe = await StartAsync("Healthz__Slo=much", "Healthz__History__ConnectionString=nonsense");
        using var response = await probe.Client.GetAsync(new Uri($"/{route}", UriKind.Relative), Cancel);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("""{"configuration":{"ok":false}}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_storage_that_refuses_is_answered_with_503_and_logged_with_its_reason(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        using var nobody = new PortReservation();
        await using var other = FaultServer.Start(FaultMode.Answering("220 mail.example ESMTP\r\n"u8.ToArray()));
        await using var stranger = FaultServer.Start(FaultMode.Answering(
            "HTTP/1.1 403 Forbidden\r\nx-ms-error-code: AuthenticationFailed\r\nContent-Length: 0\r\n\r\n"u8.ToArray()));
        foreach (var (connectionString, reason) in new[]
        {
            (NobodyAt(nobody), "connect"),
            ((await services.Azurite).ConnectionStringVia(stranger), "auth"),
            ((await services.Azurite).ConnectionStringVia(other), "protocol"),
        })
        {
            await using var away = history.Again($"Healthz__History__ConnectionString={connectionString}");
            var answer = await away.AnswerAsync($"/{route}");

            AssertIs(503, $$"""{"error":503,"message":"The history cannot be read ({{reason}})"}""", answer);
            Assert.Equal($"HealthzHistoryUnavailable reason={reason}", away.Warnings()[^1]);

            // An item may be refused while others are not, so each is logged.
            Assert.All(
                away.Warnings().SkipLast(1),
                warning => Assert.StartsWith("HealthzHistoryUnreadable reason=auth ", warning, StringComparison.Ordinal));
        }
    }

    /// <remarks>The storage client alone would try three times, 5 s each.</remarks>
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_storage_without_an_answer_is_given_up_after_10_seconds(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await using var silent = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Azurite).EndPoint);
        await using var away = history.Again($"Healthz__History__ConnectionString={(await services.Azurite).ConnectionStringVia(silent)}");

        var answering = away.AnswerAsync($"/{route}");
        await silent.UntilAskedAsync();
        away.Time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(answering.IsCompleted);
        away.Time.Advance(TimeSpan.FromSeconds(0.1));

        AssertIs(503, """{"error":503,"message":"The history cannot be read (timeout)"}""", await answering);
        Assert.Equal(["HealthzHistoryUnavailable reason=timeout"], away.Warnings());

        // The storage client did not give up: it would send each request three times.
        Assert.InRange(away.Storage.Calls, 1, (route == HealthzRoutes.History ? 1 : 3) * 2);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_caller_who_leaves_before_the_answer_is_not_logged(string route)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        await using var silent = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, (await services.Azurite).EndPoint);
        await using var away = history.Again($"Healthz__History__ConnectionString={(await services.Azurite).ConnectionStringVia(silent)}");
        using var caller = new CancellationTokenSource();

        var answering = away.AnswerAsync($"/{route}", cancellationToken: caller.Token);
        await silent.UntilAskedAsync();
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
        Assert.Empty(away.Warnings());
    }

    /// <remarks>An archived log is listed, but cannot be read.</remarks>
    [Fact]
    public async Task A_log_that_cannot_be_read_is_not_answered_with_200()
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _now);
        var log = history.Container.GetBlobClient("records/2026/11/20.jsonl");
        await log.UploadAsync(BinaryData.FromString("{}"), Cancel);
        await log.SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancel);
        await using var probe = await StartAsync(await SettingsOfAsync(history));
        foreach (var format in new[] { "jsonl", "csv" })
        {
            using var response = await probe.Client.GetAsync(
                new Uri($"/healthz/history?from=2026-11-20&to=2026-11-21&format={format}", UriKind.Relative), Cancel);

            Assert.Equal(503, (int)response.StatusCode);
            Assert.Equal(
                """{"error":503,"message":"The history cannot be read (protocol)"}""", await response.Content.ReadAsStringAsync(Cancel));
            Assert.Equal("no-store", $"{response.Headers.CacheControl}");
        }

        Assert.Equal(
            Enumerable.Repeat("HealthzHistoryUnavailable reason=protocol", 2),
            probe.Log.GetSnapshot().Select(record => record.Message)
                .Where(message => message.StartsWith("HealthzHistory", StringComparison.Ordinal)));
    }

    private static void AssertIs(int status, string body, HealthzResponse answer)
    {
        Assert.Equal(body, Encoding.UTF8.GetString(answer.Body.Span));
        Assert.Equal(status, answer.StatusCode);
    }

    private static string NobodyAt(PortReservation port) =>
        $"DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey={Convert.ToBase64String(new byte[64])};"
            + $"BlobEndpoint=http://127.0.0.1:{port.Port}/nobody;";

    private async Task<string[]> SettingsOfAsync(WrittenHistory history) =>
    [
        $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionString}",
        $"Healthz__History__Container={history.Container.Name}",
    ];

    /// <summary>A server that records nothing by itself until next year.</summary>
    private static Task<RunningProbe> StartAsync(params string[] settings) => RunningProbe.StartAsync(
        Settings.Of(
        [
            "ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=caches", $"HEALTHZ_FUNCTION_KEYS={CalumaDeployment.Key}",
            "Healthz__Schedule=0 0 0 2 1 *", "Logging__Console__LogLevel__Default=None", .. settings,
        ]),
        CalumaDeployment.Key);
}
