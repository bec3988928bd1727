using System.Net;
using System.Text.Json;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Http;

/// <summary>What any front door owes its callers, seen from outside. All is healthy: one database, one cache and a media storage.</summary>
/// <param name="client">Asks the front door, without a key.</param>
/// <param name="key">One that opens it.</param>
public abstract class HealthzContractTests(HttpClient client, string key)
{
    private readonly HttpClient _client = client;
    private readonly string _key = key;

    public static TheoryData<string> WithHead => [.. Paths(route => route.Methods.Contains("HEAD"))];

    public static TheoryData<string> WithoutHead => [.. Paths(route => !route.Methods.Contains("HEAD"))];

    public static TheoryData<string> WithKey => [.. Paths(route => route.NeedsKey)];

    public static TheoryData<string> WithoutKey => [.. Paths(route => !route.NeedsKey)];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/healthz/")]
    public async Task The_report_of_a_healthy_Caluma_is_exactly_Calumas(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(
            """{"media storage service":{"ok":true},"caches":[{"default":{"ok":true}}]"""
            + ""","database migrations":[{"default":{"ok":true}}],"databases":[{"default":{"ok":true}}]"""
            + ""","database models":[{"default":{"ok":true}}]}""",
            await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task The_report_is_not_to_be_stored_and_says_its_age_and_what_each_check_took()
    {
        using var response = await SendAsync(HttpMethod.Get, "/healthz/");

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.NotNull(response.Headers.Age);
        Assert.Equal(
            ["media-storage-service", "caches", "database-migrations", "databases", "database-models"],
            string.Join(",", response.Headers.GetValues("Server-Timing")).Split(',').Select(entry => entry.Split(";dur=")[0].Trim()));
    }

    [Theory]
    [MemberData(nameof(WithHead))]
    public async Task HEAD_answers_like_GET_without_a_body(string path)
    {
        using var response = await SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Bare_answers_with_the_status_alone()
    {
        using var response = await SendAsync(HttpMethod.Get, "/healthz/bare");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Fact]
    public async Task Ping_answers_pong()
    {
        using var response = await SendAsync(HttpMethod.Get, "/healthz/ping", key: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("pong", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [MemberData(nameof(WithoutKey))]
    public async Task A_route_that_is_open_needs_no_key_and_takes_any(string path)
    {
        foreach (var key in new[] { null, "", "wrong", _key })
        {
            using var response = await SendAsync(HttpMethod.Get, path, key);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(WithKey))]
    public async Task Every_other_route_needs_the_key(string path)
    {
        foreach (var key in new[] { null, "", "wrong", _key[..^1], _key + "x", $"{_key},{_key}" })
        {
            using var response = await SendAsync(HttpMethod.Get, path, key);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Fact]
    public async Task The_key_may_come_in_the_query()
    {
        using var response = await SendAsync(HttpMethod.Get, $"/healthz/?code={Uri.EscapeDataString(_key)}", key: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("?check=watchman.checks.databases", "databases")]
    [InlineData("?check=watchman.checks.caches", "caches")]
    [InlineData("?check=caluma.caluma_core.health_checks.check_migrations", "database migrations")]
    [InlineData("?check=caluma.caluma_core.health_checks.check_models", "database models")]
    [InlineData("?check=caluma.caluma_core.health_checks.check_media_storage_service", "media storage service")]
    [InlineData("?check=databases", "databases")]
    [InlineData("?check=database%20models", "database models")]
    [InlineData("?check=database+models", "database models")]
    [InlineData("?check=database-models&check=media_storage_service", "media storage service,database models")]
    [InlineData("?check=watchman.checks.databases&check=watchman.checks.caches", "caches,databases")]
    [InlineData("?check=watchman.checks.databases&check=watchman.checks.caches&skip=watchman.checks.caches", "databases")]
    [InlineData("?check=nope&check=databases", "databases")]
    [InlineData("?skip=caches", "media storage service,database migrations,databases,database models")]
    [InlineData("?skip=nope", "media storage service,caches,database migrations,databases,database models")]
    [InlineData("?skip=", "media storage service,caches,database migrations,databases,database models")]
    public async Task Checks_can_be_asked_for_and_left_out(string query, string keys)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/healthz/{query}");
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(keys.Split(','), report.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("?check=nope")]
    [InlineData("?check=")]
    [InlineData("?check=Databases")]
    [InlineData("?check=watchman.checks.storage")]
    [InlineData("?check=databases&skip=databases")]
    [InlineData("?skip=databases&skip=caches&skip=database-models&skip=database-migrations&skip=media-storage-service")]
    public async Task A_filter_that_leaves_nothing_is_answered_as_django_watchman_does(string query)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/healthz/{query}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("""{"error":404,"message":"No checks found"}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(32, 0, HttpStatusCode.OK)]
    [InlineData(33, 0, HttpStatusCode.BadRequest)]
    [InlineData(1, 2048, HttpStatusCode.OK)]
    [InlineData(1, 2049, HttpStatusCode.BadRequest)]
    public async Task An_oversized_query_is_refused(int values, int length, HttpStatusCode expected)
    {
        var query = "?" + string.Join('&', Enumerable.Repeat("check=databases", values));
        if (length > 0)
        {
            query += "&skip=";
            query = query.PadRight(length, 'x');
        }

        using var response = await SendAsync(HttpMethod.Get, $"/healthz/{query}");

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("Accept-Encoding", "gzip")]
    [InlineData("Accept-Language", "de")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Authorization", "Bearer nonsense")]
    public async Task Headers_of_no_concern_change_nothing(string name, string value)
    {
        using var request = Request(HttpMethod.Get, "/healthz/", _key);
        request.Headers.Add(name, value);
        using var response = await _client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("{", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/health+json")]
    [InlineData("text/html, application/health+json;q=0.9, */*;q=0.8")]
    public async Task The_report_comes_in_the_format_of_the_IETF_draft_where_it_is_asked_for(string accept)
    {
        using var request = Request(HttpMethod.Get, "/healthz/?check=databases&check=caches", _key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request, Cancel);
        using var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));

        Assert.Equal("application/health+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["Accept"], response.Headers.Vary);
        Assert.Equal("pass", report.RootElement.GetProperty("status").GetString());
        var checks = report.RootElement.GetProperty("checks").EnumerateObject().ToList();
        Assert.Equal(["caches:responseTime", "databases:responseTime"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.Equal(
            ["componentId", "componentType", "observedValue", "observedUnit", "status", "time"],
            Assert.Single(check.Value.EnumerateArray()).EnumerateObject().Select(member => member.Name)));
    }

    [Theory]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/health+json;q=0")]
    [InlineData("nonsense;;;")]
    public async Task The_report_comes_in_Calumas_shape_otherwise(string accept)
    {
        using var request = Request(HttpMethod.Get, "/healthz/?check=databases", _key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request, Cancel);

        Assert.Equal("""{"databases":[{"default":{"ok":true}}]}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    /// <remarks>Or from none: a deployment need not have one.</remarks>
    [Theory]
    [InlineData("/healthz/trend", "application/json")]
    [InlineData("/healthz/trend/?days=1", "application/json")]
    [InlineData("/healthz/history", "application/x-ndjson")]
    [InlineData("/healthz/history?format=csv", "text/csv")]
    [InlineData("/healthz/dashboard", "text/html")]
    [InlineData("/healthz/dashboard?days=30", "text/html")]
    [InlineData("/healthz/badge.svg", "image/svg+xml")]
    public async Task What_is_answered_from_the_history(string path, string mediaType)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        var body = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            Assert.StartsWith("""{"error":404,"message":"No history is recorded: """, body, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(mediaType, response.Content.Headers.ContentType?.MediaType);
        var start = mediaType switch
        {
            "application/json" => """{"now":" """,
            "application/x-ndjson" => body.Length == 0 ? "" : """{"v":1,"tick":" """,
            "text/csv" => "tick,started,durationMs,late,maintenance,source,instance,check,target,ok,ms,reason\r\n",
            "text/html" => "<!DOCTYPE html>",
            _ => "<svg ",
        };
        Assert.StartsWith(start.TrimEnd(' '), body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz/trend?days=0")]
    [InlineData("/healthz/history?from=nonsense")]
    [InlineData("/healthz/history?from=2026-11-22&to=2026-11-21")]
    [InlineData("/healthz/history?format=xml")]
    [InlineData("/healthz/dashboard?days=2")]
    public async Task What_cannot_be_answered_from_the_history_is_refused(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));

        var status = (int)response.StatusCode;
        Assert.True(status is 400 or 404, $"{path} answered {status}");
        Assert.Equal(status, body.RootElement.GetProperty("error").GetInt32());
        Assert.NotEmpty(body.RootElement.GetProperty("message").GetString()!);
    }

    /// <remarks>The Functions host knows no route that is called by another method, and says so.</remarks>
    [Theory]
    [MemberData(nameof(WithoutHead))]
    public async Task The_history_is_there_for_GET_alone(string path)
    {
        foreach (var method in new[] { HttpMethod.Head, HttpMethod.Post, HttpMethod.Delete })
        {
            using var response = await SendAsync(method, path);

            Assert.True(response.StatusCode is HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound,
                $"{method} {path} answered {response.StatusCode}");
            Assert.True(response.StatusCode == HttpStatusCode.NotFound || response.Content.Headers.Allow.SequenceEqual(["GET"]));
        }
    }

    [Theory]
    [InlineData("/HEALTHZ")]
    [InlineData("/Healthz/Bare/")]
    [InlineData("/healthz/PING")]
    public async Task Capitals_in_a_path_make_no_difference(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/foo/healthz/")]
    [InlineData("/xxhealthz")]
    [InlineData("/healthzfoo")]
    [InlineData("/graphql-healthz/")]
    [InlineData("/healthz/nope")]
    public async Task Nothing_else_answers(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.NotEqual("pong", await response.Content.ReadAsStringAsync(Cancel));
        Assert.True(path == "/" || response.StatusCode == HttpStatusCode.NotFound, $"{path} answered {response.StatusCode}");
    }

    /// <summary>Of each route twice: with a slash at the end, and without.</summary>
    private static IEnumerable<string> Paths(Func<HealthzRoute, bool> condition) =>
        HealthzRoutes.All.Where(condition).SelectMany(route => new[] { $"/{route.Path}", $"/{route.Path}/" });

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => SendAsync(method, path, _key);

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key) =>
        _client.SendAsync(Request(method, path, key), Cancel);

    private static HttpRequestMessage Request(HttpMethod method, string path, string? key)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return request;
    }
}
