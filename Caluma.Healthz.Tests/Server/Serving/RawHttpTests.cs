using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Deployments;

namespace Caluma.Healthz.Tests.Server.Serving;

/// <summary>No request is answered with 500 or with the text of an error.</summary>
public sealed class RawHttpTests : IAsyncLifetime
{
    private const string Close = "x-functions-key: key\r\nConnection: close\r\n\r\n";

    private RunningProbe _probe = null!;

    public async ValueTask InitializeAsync() => _probe = await RunningProbe.StartAsync(
        Settings.Of("ENABLE_HEALTHZ_ENDPOINT=true", "Healthz__Checks=caches",
            "HEALTHZ_FUNCTION_KEYS=key", "Logging__Console__LogLevel__Default=None"), "");

    public ValueTask DisposeAsync() => _probe.DisposeAsync();

    [Theory]
    [InlineData("/healthz/ HTTP/1.0", 200)]
    [InlineData("/healthz/?check=caches HTTP/1.1", 200)]
    [InlineData("//healthz HTTP/1.1", 200)]
    [InlineData("/healthz// HTTP/1.1", 200)]
    [InlineData("/healthz/%2e%2e/ HTTP/1.1", 404)]
    [InlineData("/healthz/../healthz HTTP/1.1", 200)]
    [InlineData("/healthz/%2e%2e/healthz HTTP/1.1", 200)]
    [InlineData("/nope/../../../healthz HTTP/1.1", 200)]
    [InlineData("/healthz%2Fping HTTP/1.1", 404)]
    [InlineData("/%68ealthz HTTP/1.1", 200)]
    [InlineData("/healthz%00 HTTP/1.1", 400)]
    [InlineData("/healthz\0 HTTP/1.1", 400)]
    [InlineData("/healthz/\u00fc HTTP/1.1", 400)]
    [InlineData("/healthz/%zz HTTP/1.1", 404)]
    [InlineData("/healthz/%ff%fe HTTP/1.1", 404)]
    [InlineData("/healthz\\ping HTTP/1.1", 404)]
    [InlineData("/healthz/?check=%ff%00%zz&=&&code= HTTP/1.1", 404)]
    [InlineData("/healthz/# HTTP/1.1", 404)]
    [InlineData("/healthz/;a=b HTTP/1.1", 404)]
    [InlineData("http://localhost/healthz/ HTTP/1.1", 200)]
    [InlineData("http://elsewhere/healthz/ HTTP/1.1", 400)]
    [InlineData("nonsense HTTP/1.1", 405)]
    [InlineData(" HTTP/1.1", 400)]
    [InlineData("/healthz/", 505)]
    [InlineData("/healthz/ HTTP/9.9", 505)]
    [InlineData("/healthz/ HTTP/1.1 more", 400)]
    public async Task A_request_line_of_any_kind(string line, int status)
    {
        var answer = await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"GET {line}\r\nHost: localhost\r\n{Close}");

        AssertSaysNothing(status, answer);
    }

    [Theory]
    [InlineData("Host: a\r\nHost: b\r\n", 400)]
    [InlineData("", 400)]
    [InlineData("Host:\r\n", 200)]
    [InlineData("Host: a b\r\n", 400)]
    [InlineData("Host: a\r\nx-functions-key: other\r\n", 401)]
    [InlineData("Host: a\r\nNo colon\r\n", 400)]
    [InlineData("Host: a\r\nNull: \0\r\n", 400)]
    [InlineData("Host: a\r\n : x\r\n", 400)]
    [InlineData("Host: a\r\nContent-Length: x\r\n", 400)]
    [InlineData("Host: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n", 400)]
    [InlineData("Host: a\r\nTransfer-Encoding: nonsense\r\n", 400)]
    [InlineData("Host: a\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA\r\n", 200)]
    public async Task Headers_of_any_kind(string headers, int status)
    {
        var answer = await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"GET /healthz/ HTTP/1.1\r\n{headers}{Close}");

        AssertSaysNothing(status, answer);
    }

    [Theory]
    [InlineData("Content-Length: 3\r\n", "abc", 200)]
    [InlineData("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc", 200)]
    [InlineData("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n", 200)]
    [InlineData("Content-Length: 1025\r\n", "", 413)]
    [InlineData("Content-Length: 100000000000\r\n", "abc", 413)]
    [InlineData("Content-Length: 100000000000000000000\r\n", "abc", 400)]
    public async Task Bodies_of_any_size(string headers, string body, int status)
    {
        var answer = await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"GET /healthz/ HTTP/1.1\r\nHost: a\r\n{headers}{Close}{body}");

        AssertSaysNothing(status, answer);
    }

    [Theory]
    [InlineData("OPTIONS * HTTP/1.1", 404)]
    [InlineData("CONNECT localhost:80 HTTP/1.1", 404)]
    [InlineData("get /healthz/ HTTP/1.1", 405)]
    [InlineData("\u0016\u0003\u0001\u0002", 400)]
    public async Task Other_protocols(string line, int status)
    {
        var answer = await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"{line}\r\nHost: localhost:80\r\n{Close}");

        AssertSaysNothing(status, answer);
    }

    [Fact]
    public async Task A_path_that_is_too_long() =>
        AssertSaysNothing(414,
            await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"GET /healthz/{new string('x', 100_000)} HTTP/1.1\r\nHost: a\r\n{Close}"));

    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(100, 1)]
    public async Task Headers_that_are_too_many_or_too_long(int count, int length)
    {
        var headers = string.Concat(Enumerable.Range(0, count).Select(index => $"X-{index}: {new string('x', length)}\r\n"));

        AssertSaysNothing(
            431, await RawHttp.SendAsync(_probe.Client.BaseAddress!, $"GET /healthz/ HTTP/1.1\r\nHost: a\r\n{headers}{Close}"));
    }

    private static void AssertSaysNothing(int status, RawHttp answer)
    {
        Assert.Equal(status, answer.Status);
        Assert.True(answer.Body is "" or """{"caches":[]}""" or """{"error":404,"message":"No checks found"}""", answer.Body);
        Assert.DoesNotContain("Server:", answer.Headers, StringComparison.OrdinalIgnoreCase);
    }
}
