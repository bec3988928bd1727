using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>Access of people: with the password of HTTP Basic, with a view key, or without a key.</summary>
public sealed class SignInTests
{
    private const string Key = "c4n4ry-key";
    private const string ViewKey = "v13w-key";

    private static readonly string[] _settings =
    [
        "ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=caches", $"HEALTHZ_FUNCTION_KEYS={Key}", $"HEALTHZ_VIEW_KEYS=other,{ViewKey}",
        "Logging__Console__LogLevel__Default=None",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData($"me:{Key}", HttpStatusCode.OK)]
    [InlineData($":{Key}", HttpStatusCode.OK)]
    [InlineData("me:wrong", HttpStatusCode.Unauthorized)]
    [InlineData($"{Key}:", HttpStatusCode.Unauthorized)]
    [InlineData(Key, HttpStatusCode.Unauthorized)]
    [InlineData("", HttpStatusCode.Unauthorized)]
    public async Task A_key_is_accepted_as_the_password_of_any_user(string credentials, HttpStatusCode status) =>
        Assert.Equal(status, await StatusAsync("/healthz/", new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))));

    [Theory]
    [InlineData("Basic", "not base64!")]
    [InlineData("Basic", null)]
    [InlineData("Bearer", Key)]
    public async Task An_invalid_password_is_refused(string scheme, string? parameter) =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/healthz/", new(scheme, parameter)));

    [Theory]
    [InlineData("/healthz/bare", true)]
    [InlineData("/healthz/badge.svg", true)]
    [InlineData("/healthz/", false)]
    [InlineData("/healthz/trend", false)]
    [InlineData("/healthz/history", false)]
    [InlineData("/healthz/dashboard", false)]
    [InlineData("/healthz/bare/dashboard", false)]
    public async Task A_view_key_opens_only_the_badge_and_the_bare_status(string path, bool opens) =>
        Assert.Equal(opens, await StatusAsync($"{path}?code={ViewKey}", authorization: null) != HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData("/healthz/dashboard", "text/html", true)]
    [InlineData("/healthz/dashboard", "*/*", false)]
    [InlineData("/healthz/", "text/html,application/xhtml+xml", true)]
    [InlineData("/healthz/", "*/*", false)]
    [InlineData("/healthz/trend", "application/json", false)]
    public async Task A_person_without_a_key_gets_an_explanation_and_a_prompt(string path, string accept, bool isPerson)
    {
        await using var probe = await StartAsync();
        using var browser = new HttpClient { BaseAddress = probe.Client.BaseAddress };
        browser.DefaultRequestHeaders.Add("Accept", accept);

        using var response = await browser.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(
            isPerson, body.Contains("This page needs a key. Reload it, and give any user and one of the keys", StringComparison.Ordinal));
        Assert.Equal(isPerson, body.Contains(DashboardStyle.Css, StringComparison.Ordinal));
        Assert.Equal(isPerson, response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Basic"));
        Assert.True(isPerson || body.Length == 0);
    }

    [Theory]
    [InlineData(Key, HttpStatusCode.NotFound)]
    [InlineData("wrong", HttpStatusCode.Unauthorized)]
    public async Task The_root_links_to_the_pages(string key, HttpStatusCode status)
    {
        await using var probe = await StartAsync();
        using var browser = new HttpClient { BaseAddress = probe.Client.BaseAddress };
        browser.DefaultRequestHeaders.Add("Accept", "text/html");
        browser.DefaultRequestHeaders.Add("x-functions-key", key);

        using var response = await browser.GetAsync(new Uri("/", UriKind.Relative), Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains("<a href=\"healthz/dashboard\">Dashboard</a>", body, StringComparison.Ordinal);
        Assert.Equal(status == HttpStatusCode.Unauthorized, body.Contains("This page needs a key.", StringComparison.Ordinal));
        Assert.StartsWith(
            "default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_endpoint_off_the_root_is_empty()
    {
        await using var probe = await StartAsync("ENABLE_HEALTHZ_ENDPOINT=false");

        using var response = await probe.Client.GetAsync(new Uri("/", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static Task<RunningProbe> StartAsync(params string[] settings) =>
        RunningProbe.StartAsync(Settings.Of([.. _settings, .. settings]), Key);

    private static async Task<HttpStatusCode> StatusAsync(string path, AuthenticationHeaderValue? authorization)
    {
        await using var probe = await StartAsync();
        using var client = new HttpClient { BaseAddress = probe.Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = authorization;
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return response.StatusCode;
    }
}
