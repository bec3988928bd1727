using System.Net;
using System.Text.Json;

namespace Caluma.Healthz.Tests.Http;

/// <summary>The contract of the report, on a healthy Caluma with a database, a cache and a media storage.</summary>
/// <param name="client">A client without a key.</param>
/// <param name="key">A valid key.</param>
public abstract class ReportContractTests(HttpClient client, string key)
{
    private protected HttpClient Client { get; } = client;

    private protected string Key { get; } = key;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
    public async Task The_report_must_not_be_stored_and_has_its_age_and_the_duration_of_each_check()
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
    public async Task Checks_can_be_selected_and_skipped(string query, string keys)
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
    public async Task A_filter_that_leaves_no_check_is_answered_as_in_django_watchman(string query)
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
    public async Task Unknown_headers_change_nothing(string name, string value)
    {
        using var request = Request(HttpMethod.Get, "/healthz/", Key);
        request.Headers.Add(name, value);
        using var response = await Client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("{", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/health+json")]
    [InlineData("text/html, application/health+json;q=0.9, */*;q=0.8")]
    public async Task The_report_comes_in_the_format_of_the_IETF_draft_on_request(string accept)
    {
        using var request = Request(HttpMethod.Get, "/healthz/?check=databases&check=caches", Key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request, Cancel);
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
        using var request = Request(HttpMethod.Get, "/healthz/?check=databases", Key);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await Client.SendAsync(request, Cancel);

        Assert.Equal("""{"databases":[{"default":{"ok":true}}]}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    private protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path) => SendAsync(method, path, Key);

    private protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key) =>
        Client.SendAsync(Request(method, path, key), Cancel);

    private protected static HttpRequestMessage Request(HttpMethod method, string path, string? key)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", key);
        }

        return request;
    }
}
