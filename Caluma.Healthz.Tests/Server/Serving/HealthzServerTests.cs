using System.Net;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Server.Serving;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>The parts of the server beyond the common surface.</summary>
public sealed class HealthzServerTests
{
    private const string Key = "the key";

    /// <summary>An endpoint without targets, so that a run is fast and passes.</summary>
    private static readonly string[] _settings =
    [
        "ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=caches", "Healthz__MinInterval=00:00:00", $"HEALTHZ_FUNCTION_KEYS={Key}",
        "Logging__Console__LogLevel__Default=None",
    ];

    private static readonly string[] _routes = ["/healthz", "/healthz/", "/healthz/bare", "/healthz/ping"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("TRACE")]
    [InlineData("NONSENSE")]
    public async Task Other_methods_are_not_allowed_and_run_no_check(string method)
    {
        await using var probe = await StartAsync(_settings);
        foreach (var route in _routes)
        {
            using var response = await SendAsync(probe, method, route, Key);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["GET", "HEAD"], response.Content.Headers.Allow);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        }

        Assert.Equal(0, CountRuns(probe));
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/bare")]
    [InlineData("/healthz/nope")]
    [InlineData("/healthz/ping/x")]
    [InlineData("/healthz//ping")]
    [InlineData("/healthz/pinG/x")]
    [InlineData("/")]
    public async Task Without_the_key_only_ping_answers(string path)
    {
        await using var probe = await StartAsync(_settings);
        foreach (var method in new[] { "GET", "HEAD", "POST", "OPTIONS" })
        {
            foreach (var key in new[] { null, "", "wrong", "THE KEY", $"{Key},{Key}" })
            {
                using var response = await SendAsync(probe, method, path, key);

                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
            }
        }

        Assert.Equal(0, CountRuns(probe));
    }

    [Fact]
    public async Task Each_of_several_keys_is_accepted()
    {
        await using var probe = await StartAsync([.. _settings, "HEALTHZ_FUNCTION_KEYS= one ,two=2+2/&%,drei €"]);
        foreach (var key in new[] { "one", "two=2+2/&%", "drei €" })
        {
            using var inQuery = await SendAsync(probe, "GET", $"/healthz/?code={Uri.EscapeDataString(key)}", key: null);
            Assert.Equal(HttpStatusCode.OK, inQuery.StatusCode);
        }

        (string Key, int Status)[] expectations =
            [("one", 200), ("two=2+2/&%", 200), ("one,two=2+2/&%", 401), ("on", 401), ("two=2 2/&%", 401)];
        foreach (var (key, expected) in expectations)
        {
            using var inHeader = await SendAsync(probe, "GET", "/healthz/", key);
            Assert.Equal(expected, (int)inHeader.StatusCode);
        }
    }

    [Theory]
    [InlineData(Key, "wrong", HttpStatusCode.OK)]
    [InlineData("wrong", Key, HttpStatusCode.Unauthorized)]
    [InlineData("", Key, HttpStatusCode.Unauthorized)]
    public async Task The_header_wins_over_the_query(string header, string query, HttpStatusCode expected)
    {
        await using var probe = await StartAsync(_settings);
        using var response = await SendAsync(probe, "GET", $"/healthz/?code={Uri.EscapeDataString(query)}", header);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task HEAD_is_GET_without_a_body()
    {
        await using var probe = await StartAsync(_settings);
        foreach (var route in _routes)
        {
            using var get = await SendAsync(probe, "GET", route, Key);
            using var head = await SendAsync(probe, "HEAD", route, Key);

            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(Names(get), Names(head));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
        }

        static IEnumerable<string> Names(HttpResponseMessage response) => response.Headers.Select(header => header.Key).Order();
    }

    [Theory]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT=false")]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT=")]
    [InlineData("ENABLE_HEALTHZ_ENDPOINT=", "Healthz__Timeout=10675199.02:48:05.4775807", "Healthz__Nope=1")]
    public async Task A_server_that_is_off_answers_404_with_the_key_and_401_without(params string[] settings)
    {
        await using var probe = await StartAsync([.. _settings, .. settings]);
        foreach (var route in _routes)
        {
            foreach (var method in new[] { "GET", "HEAD", "POST" })
            {
                using var withKey = await SendAsync(probe, method, route, Key);
                using var withoutKey = await SendAsync(probe, method, route, key: null);

                Assert.Equal(HttpStatusCode.NotFound, withKey.StatusCode);
                Assert.Equal(route == "/healthz/ping" ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized, withoutKey.StatusCode);
                Assert.Empty(await withKey.Content.ReadAsByteArrayAsync(Cancel));
            }
        }

        Assert.Equal("HealthzDisabled", Assert.Single(OurEvents(probe)).Id.Name);
    }

    [Fact]
    public async Task An_invalid_configuration_is_answered_and_logged_with_each_request_and_runs_no_check()
    {
        await using var probe = await StartAsync(
            [.. _settings, "Healthz__Timeout=soon", "Healthz__Caches__x=redis://:c4n#4ry@cache", "Healthz__Nope=1"]);
        using var report = await SendAsync(probe, "GET", "/healthz/", Key);
        using var bare = await SendAsync(probe, "GET", "/healthz/bare", Key);
        using var ping = await SendAsync(probe, "GET", "/healthz/ping", Key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, report.StatusCode);
        Assert.Equal("""{"configuration":{"ok":false}}""", await report.Content.ReadAsStringAsync(Cancel));
        Assert.Equal("no-store", $"{report.Headers.CacheControl}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, bare.StatusCode);
        Assert.Empty(await bare.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, ping.StatusCode);

        // At the start, with the report and with the bare status.
        Assert.Equal(3, OurEvents(probe).Count());
        Assert.All(OurEvents(probe), record =>
        {
            Assert.Equal(("HealthzConfigurationInvalid", LogLevel.Critical), (record.Id.Name, record.Level));
            Assert.StartsWith(
                "HealthzConfigurationInvalid count=3 problems=Healthz__Timeout is \"soon\"; expected",
                    record.Message, StringComparison.Ordinal);
            Assert.Contains("Healthz__Caches__x is not a well-formed URL", record.Message, StringComparison.Ordinal);
            Assert.Contains("Healthz__Nope is not a known setting", record.Message, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("/healthz/", Key)]
    [InlineData("/healthz/?check=nope", Key)]
    [InlineData("/healthz/ping", null)]
    [InlineData("/nope", Key)]
    [InlineData("/healthz/", null)]
    public async Task No_header_names_the_server(string path, string? key)
    {
        await using var probe = await StartAsync(_settings);
        using var response = await SendAsync(probe, "GET", path, key);

        Assert.DoesNotContain(response.Headers, header =>
            header.Key is "Server" or "Via" || header.Key.StartsWith("X-Powered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bug_in_a_run_is_answered_with_an_empty_500()
    {
        var settings = Settings.Of(_settings);
        using var broken = new BrokenLogger();
        await using var server = HealthzServer.Create(
            settings, HealthzConfiguration.Read(settings),
            new ListenAddresses(["http://127.0.0.1:0"], AreLoopback: true), keys: null, logging: broken);
        await server.StartAsync(Cancel);
        using var client = new HttpClient { BaseAddress = new Uri(server.Urls.Single()) };
        using var response = await client.GetAsync(new Uri("/healthz/", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    private static Task<RunningProbe> StartAsync(IEnumerable<string> settings) => RunningProbe.StartAsync(Settings.Of(settings), "");

    private static async Task<HttpResponseMessage> SendAsync(RunningProbe probe, string method, string path, string? key)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(probe.Client.BaseAddress!, path));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return await client.SendAsync(request, Cancel);
    }

    private static IEnumerable<FakeLogRecord> OurEvents(RunningProbe probe) =>
        probe.Log.GetSnapshot().Where(record => record.Id.Name is { } name && name.StartsWith("Healthz", StringComparison.Ordinal)
            && name is not "HealthzConfigurationRemark");

    private static int CountRuns(RunningProbe probe) => OurEvents(probe).Count(record => record.Id.Name == "HealthzRunCompleted");

    /// <summary>Throws as soon as a run logs something.</summary>
    private sealed class BrokenLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "HealthzRunCompleted")
            {
                throw new InvalidOperationException("c4n4ry");
            }
        }

        public void Dispose()
        {
        }
    }
}
