using System.Net;
using System.Text.Json;
using Caluma.Healthz.Http;

namespace Caluma.Healthz.Tests.Http;

/// <summary>
/// The contract of every front door, seen from outside, on a healthy Caluma with a database, a cache and a media
/// storage.
/// </summary>
/// <param name="client">A client without a key.</param>
/// <param name="key">A valid key.</param>
public abstract class HealthzContractTests(HttpClient client, string key) : ReportContractTests(client, key)
{
    public static TheoryData<string> WithHead => [.. Paths(route => route.Methods.Contains("HEAD"))];

    public static TheoryData<string> WithoutHead => [.. Paths(route => !route.Methods.Contains("HEAD"))];

    public static TheoryData<string> WithKey => [.. Paths(route => route.NeedsKey)];

    public static TheoryData<string> WithoutKey => [.. Paths(route => !route.NeedsKey)];

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
    public async Task A_route_that_is_open_needs_noKey_and_takes_any(string path)
    {
        foreach (var key in new[] { null, "", "wrong", Key })
        {
            using var response = await SendAsync(HttpMethod.Get, path, key);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(WithKey))]
    public async Task Every_other_route_needs_theKey(string path)
    {
        foreach (var key in new[] { null, "", "wrong", Key[..^1], Key + "x", $"{Key},{Key}" })
        {
            using var response = await SendAsync(HttpMethod.Get, path, key);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancel));
        }
    }

    [Fact]
    public async Task TheKey_may_come_in_the_query()
    {
        using var response = await SendAsync(HttpMethod.Get, $"/healthz/?code={Uri.EscapeDataString(Key)}", key: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <remarks>A deployment need not have a history.</remarks>
    [Theory]
    [InlineData("/healthz/trend", "application/json")]
    [InlineData("/healthz/trend/?days=1", "application/json")]
    [InlineData("/healthz/history", "application/x-ndjson")]
    [InlineData("/healthz/history?format=csv", "text/csv")]
    [InlineData("/healthz/dashboard", "text/html")]
    [InlineData("/healthz/dashboard?days=30", "text/html")]
    [InlineData("/healthz/incidents", "text/html")]
    [InlineData("/healthz/history?check=caches&target=default&only=failing", "application/x-ndjson")]
    [InlineData("/healthz/badge.svg", "image/svg+xml")]
    public async Task Routes_over_the_history_answer(string path, string mediaType)
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
    [InlineData("/healthz/history?check=nope")]
    [InlineData("/healthz/dashboard?days=2")]
    [InlineData("/healthz/incidents?id=nope")]
    public async Task An_invalid_request_of_the_history_is_refused(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));

        var status = (int)response.StatusCode;
        Assert.True(status is 400 or 404, $"{path} answered {status}");
        Assert.Equal(status, body.RootElement.GetProperty("error").GetInt32());
        Assert.NotEmpty(body.RootElement.GetProperty("message").GetString()!);
    }

    [Theory]
    [InlineData("/healthz/dashboard?days=2")]
    [InlineData("/healthz/history?format=xml")]
    [InlineData("/healthz/incidents?id=nope")]
    [InlineData("/healthz/?check=nope")]
    public async Task A_person_gets_a_page_with_the_status_that_a_program_gets(string path)
    {
        using var program = await SendAsync(HttpMethod.Get, path);
        using var request = Request(HttpMethod.Get, path, Key);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        using var person = await Client.SendAsync(request, Cancel);

        Assert.Equal(program.StatusCode, person.StatusCode);
        Assert.Equal("application/json", program.Content.Headers.ContentType?.MediaType);
        Assert.Equal("text/html", person.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<!DOCTYPE html>", await person.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    /// <remarks>The Functions host answers other methods with 404.</remarks>
    [Theory]
    [MemberData(nameof(WithoutHead))]
    public async Task The_history_answers_only_GET_and_HEAD(string path)
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
    public async Task Paths_are_case_insensitive(string path)
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
    public async Task Other_paths_are_not_found(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path);

        Assert.NotEqual("pong", await response.Content.ReadAsStringAsync(Cancel));
        Assert.True(path == "/" || response.StatusCode == HttpStatusCode.NotFound, $"{path} answered {response.StatusCode}");
    }

    /// <summary>Each route with and without a trailing slash.</summary>
    private static IEnumerable<string> Paths(Func<HealthzRoute, bool> condition) =>
        HealthzRoutes.All.Where(condition).SelectMany(route => new[] { $"/{route.Path}", $"/{route.Path}/" });
}
