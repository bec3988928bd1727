using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using System.Web;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The dashboard and the badge over HTTP.</summary>
[Slow]
public sealed partial class PageRequestTests(Services services)
{
    private const string Dashboard = "/healthz/dashboard";
    private const string Badge = "/healthz/badge.svg";

    /// <summary>
    /// The lists of records and rollups, the state of the rules, and the rollups of today and yesterday, which may have changed.
    /// </summary>
    private const int MaxStorageRequests = 5;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Dashboard, "text/html; charset=utf-8")]
    [InlineData(Badge, "image/svg+xml")]
    public async Task The_pages_must_not_be_stored_and_may_load_nothing(string path, string mediaType)
    {
        await using var server = await DashboardServer.StartAsync(services, new InventedHistory());

        using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(MediaTypeHeaderValue.Parse(mediaType), response.Content.Headers.ContentType);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.StartsWith("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_dashboard_sends_no_referrer_and_forbids_frames()
    {
        await using var server = await DashboardServer.StartAsync(services, history: null);

        using var response = await server.Client.GetAsync(new Uri(Dashboard, UriKind.Relative), Cancel);

        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Contains(
            "frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Dashboard)]
    [InlineData(Badge)]
    public async Task No_page_shows_the_key_or_answers_without_it(string path)
    {
        await using var server = await DashboardServer.StartAsync(services, new InventedHistory());
        using var stranger = new HttpClient { BaseAddress = server.Client.BaseAddress };

        foreach (var query in new[] { "", "?code=wrong", $"?target={DashboardServer.Key}" })
        {
            using var refused = await stranger.GetAsync(new Uri(path + query, UriKind.Relative), Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("", await refused.Content.ReadAsStringAsync(Cancel));
        }

        var page = await server.Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        Assert.DoesNotContain(DashboardServer.Key, page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("code=", page, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Links_repeat_the_code_and_have_targets(string slash)
    {
        await using var server = await DashboardServer.StartAsync(services, new InventedHistory
        {
            Fails = (check, ago) => check.Check == Check.Caches && ago < TimeSpan.FromDays(1.5) ? Reason.Dns : null,
        });
        using var browser = new HttpClient { BaseAddress = server.Client.BaseAddress };
        var first = new Uri(server.Client.BaseAddress!, $"{Dashboard}{slash}?code={DashboardServer.Key}");
        var (waiting, seen) = (new Queue<Uri>([first]), new HashSet<Uri> { first });

        // Up to three clicks away.
        for (var left = 150; left > 0 && waiting.TryDequeue(out var address); left--)
        {
            using var response = await browser.GetAsync(address, Cancel);
            Assert.True(response.IsSuccessStatusCode, $"{address} answers {(int)response.StatusCode}");
            if (response.Content.Headers.ContentType!.MediaType == "text/html")
            {
                foreach (var link in Link().Matches(await response.Content.ReadAsStringAsync(Cancel))
                    .Select(link => WebUtility.HtmlDecode(link.Groups["to"].Value)))
                {
                    var to = new UriBuilder(new Uri(address, link)) { Fragment = "" }.Uri;
                    Assert.Equal(DashboardServer.Key, HttpUtility.ParseQueryString(to.Query)["code"]);
                    if (seen.Add(to))
                    {
                        waiting.Enqueue(to);
                    }
                }
            }
        }

        Assert.Contains(seen, address => address.Query.Contains("day=", StringComparison.Ordinal));
        Assert.Contains(seen, address =>
            address.AbsolutePath == "/healthz/history" && address.Query.Contains("format=csv", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "60")]
    [InlineData("?check=caches&target=default", "60")]
    [InlineData("?refresh=off", null)]
    [InlineData("?check=caches&target=default&day=2026-11-21", null)]
    public async Task Pages_about_the_present_refresh_each_minute_until_they_are_paused(string query, string? seconds)
    {
        await using var server = await DashboardServer.StartAsync(services, new InventedHistory());

        using var response = await server.Client.GetAsync(new Uri(Dashboard + query, UriKind.Relative), Cancel);

        Assert.Equal(seconds, response.Headers.TryGetValues("Refresh", out var values) ? Assert.Single(values) : null);
    }

    [Theory]
    [InlineData("?check=nope", "check must be media-storage-service, caches, database-migrations, databases or database-models")]
    [InlineData("?check=caches&day=yesterday", "day must be a UTC day such as 2026-11-22")]
    [InlineData("?check=caches&day=2026-02-30", "day must be a UTC day such as 2026-11-22")]
    [InlineData("?check=caches&day=0001-01-01", "day must be a UTC day such as 2026-11-22")]
    [InlineData("?check=caches&day=9999-12-31", "day must be a UTC day such as 2026-11-22")]
    [InlineData("?only=good", "only must be failing, or not be given")]
    [InlineData("?scale=linear", "scale must be auto, or not be given")]
    [InlineData("?refresh=5", "refresh must be off, or not be given")]
    [InlineData("?tz=Mars/Olympus", "tz must be a time zone such as Europe/Zurich, or an offset such as +01:00")]
    [InlineData(
        "?tz=../../etc/passwd", "tz must be a time zone such as Europe/Zurich, or an offset such as +01:00")]
    [InlineData("?tz=", "tz must be a time zone such as Europe/Zurich, or an offset such as +01:00")]
    public async Task An_invalid_query_is_refused_with_what_it_must_be(string query, string message)
    {
        await using var server = await DashboardServer.StartAsync(services, history: null);

        using var response = await server.Client.GetAsync(new Uri(Dashboard + query, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal($$"""{"error":400,"message":"{{message}}"}""", Regex.Unescape(await response.Content.ReadAsStringAsync(Cancel)));
    }

    [Theory]
    [InlineData("?days=2")]
    [InlineData("?days=")]
    [InlineData("?days=07")]
    [InlineData("?days=7&days=30")]
    [InlineData("?days=-1")]
    [InlineData("?days=90%00")]
    public async Task Other_days_are_refused(string query)
    {
        await using var server = await DashboardServer.StartAsync(services, history: null);

        using var response = await server.Client.GetAsync(new Uri(Dashboard + query, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"error":400,"message":"days must be 1, 7, 30 or 90"}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(Dashboard)]
    [InlineData(Badge)]
    public async Task The_pages_answer_only_GET_and_HEAD(string path)
    {
        await using var server = await DashboardServer.StartAsync(services, history: null);
        foreach (var method in new[] { "HEAD", "POST", "PUT", "DELETE", "OPTIONS" })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var response = await server.Client.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
            Assert.Equal(["GET"], response.Content.Headers.Allow);
        }
    }

    [Theory]
    [InlineData(Dashboard)]
    [InlineData(Badge)]
    public async Task Without_a_history_the_pages_answer_404_with_the_reason(string path)
    {
        await using var probe = await Deployments.RunningProbe.StartAsync(
            Configuration.Settings.Of("ENABLE_HEALTHZ_ENDPOINT=true", "HEALTHZ_FUNCTION_KEYS=key", "DATABASE_HOST=db"), "key");

        using var response = await probe.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.StartsWith("""{"error":404,"message":"No history is recorded: """,
            await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Dashboard)]
    [InlineData(Badge)]
    public async Task While_the_storage_is_down_the_pages_say_so(string path)
    {
        using var nobody = new PortReservation();
        await using var server = await DashboardServer.StartAsync(
            services, history: null,
            $"Healthz__History__ConnectionString=DefaultEndpointsProtocol=http;AccountName=c4n4ry;AccountKey=YzRuNHJ5;"
                + $"BlobEndpoint=http://127.0.0.1:{nobody.Port}/c4n4ry;");

        using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(
            """{"error":503,"message":"The history cannot be read (connect)"}""", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData(Dashboard)]
    [InlineData(Badge)]
    public async Task A_second_request_reads_only_documents_that_may_have_changed(string path)
    {
        await using var server = await DashboardServer.StartAsync(
            services, new InventedHistory { Length = TimeSpan.FromDays(90), Schedule = "0 0 */4 * * *" });

        await server.Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);
        var before = server.StorageRequests;
        await server.Client.GetStringAsync(new Uri(path, UriKind.Relative), Cancel);

        Assert.InRange(server.StorageRequests - before, 1, MaxStorageRequests);
    }

    /// <summary>Without links within the page and to other sites.</summary>
    [GeneratedRegex("<a [^>]*href=\"(?<to>(?!#|https?:)[^\"]*)\"")]
    private static partial Regex Link();
}
