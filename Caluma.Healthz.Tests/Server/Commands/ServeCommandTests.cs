using System.Net;
using System.Net.Sockets;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Forms;

namespace Caluma.Healthz.Tests.Server.Commands;

public class ServeCommandTests
{
    private static readonly Uri _report = new("/healthz/", UriKind.Relative);
    private static readonly Uri _ping = new("/healthz/ping", UriKind.Relative);

    private static readonly string[] _valid =
        ["ENABLE_HEALTHZ_ENDPOINT=true", "DATABASE_HOST=db", "HEALTHZ_FUNCTION_KEYS=key", "Logging__LogLevel__Default=None"];

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    public async Task Without_a_key_it_does_not_start(string keys)
    {
        var result = await ServeAsync([.. _valid, $"HEALTHZ_FUNCTION_KEYS={keys}"]);

        AssertRefused(
            "HEALTHZ_FUNCTION_KEYS is not set; expected one or more keys, separated by commas (or --no-auth on a loopback address)",
            result);
    }

    [Theory]
    [InlineData("http://0.0.0.0:7071")]
    [InlineData("http://[::]:7071")]
    [InlineData("http://*:7071")]
    [InlineData("http://+:7071")]
    [InlineData("http://192.0.2.1:7071")]
    [InlineData("http://127.0.0.1:7071;http://192.0.2.1:7071")]
    public async Task Without_authentication_only_loopback_addresses_are_allowed(string urls) =>
        AssertRefused(
            "--no-auth allows loopback addresses only: anyone who reaches another one could run the checks",
            await ServeAsync(_valid, "--no-auth", "--urls", urls));

    [Theory]
    [InlineData("nonsense", "which is not an address; expected one such as http://127.0.0.1:7071")]
    [InlineData("http://", "which is not an address; expected one such as http://127.0.0.1:7071")]
    [InlineData("http://:7071", "which is not an address; expected one such as http://127.0.0.1:7071")]
    [InlineData("ftp://127.0.0.1:7071", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:70000", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:-1", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData("http://127.0.0.1:7071x", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData("http://[::1]:7071x", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData("http://127.0.0.256:7071", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    [InlineData(
        "http://127.0.0.1:7071/healthz", "expected http or https, an address, localhost or *, and a port, such as http://127.0.0.1:7071")]
    public async Task An_ambiguous_address_is_refused(string url, string expected)
    {
        var result = await ServeAsync(_valid, "--urls", url);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith($"--urls holds {url}", result.Error, StringComparison.Ordinal);
        Assert.EndsWith(expected, result.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_address_is_refused() =>
        AssertRefused("--urls is empty; expected an address such as http://127.0.0.1:7071", await ServeAsync(_valid, "--urls", " ; "));

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = $"http://{taken.LocalEndpoint}";

        var result = await ServeAsync(_valid, "--urls", url);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith($"--urls holds {url}, on which the server cannot listen: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("address already in use", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_of_other_settings_are_refused() =>
        AssertRefused(
            "Kestrel__Endpoints is set, which the server does not read; expected the addresses in --urls",
            await ServeAsync([.. _valid, "Kestrel__Endpoints__Other__Url=http://0.0.0.0:7072"], "--no-auth"));

    [Fact]
    public async Task All_configuration_problems_are_listed()
    {
        var result = await ServeAsync([.. _valid, "DATABASE_HOST=", "Healthz__Timeout=soon", "Healthz__Nope=1"]);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.Equal(
            ["The", "Healthz__Timeout", "Healthz__Databases__default", "Healthz__Nope"],
            result.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => line.Trim().Split(' ')[0]));
    }

    [Theory]
    [InlineData("http://127.0.0.1:*")]
    [InlineData("http://LOCALHOST:*")]
    public async Task Without_authentication_loopback_callers_need_no_key(string url)
    {
        using var port = new PortReservation();
        using var stop = new CancellationTokenSource();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.Port}") };
        await using var error = new StringWriter();

        var serving = HealthzCommandLine.InvokeAsync(
            ["serve", "--no-auth", "--urls", url.Replace("*", $"{port.Port}", StringComparison.Ordinal)],
            () => Settings.Of([.. _valid, "HEALTHZ_FUNCTION_KEYS=", "Healthz__Checks=caches"]),
            TextWriter.Null,
            error,
            stop.Token);
        await Deadline.UntilAsync("it answers", () => AnswersAsync(client), error.ToString);

        Assert.Equal("""{"caches":[]}""", await client.GetStringAsync(_report, TestContext.Current.CancellationToken));

        await stop.CancelAsync();
        Assert.Equal(ExitCode.Healthy, await serving);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(_ping, TestContext.Current.CancellationToken));
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var response = await client.GetAsync(_ping, TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task<CommandLine> ServeAsync(string[] settings, params string[] args) =>
        CommandLine.RunAsync(Settings.Of(settings), ["serve", .. args]);

    private static void AssertRefused(string message, CommandLine result)
    {
        Assert.Equal(message, result.Error.Trim());
        Assert.Equal(ExitCode.Invalid, result.ExitCode);
    }

    [Slow]
    [Native]
    public sealed class Native : ServeCommandTests;
}
