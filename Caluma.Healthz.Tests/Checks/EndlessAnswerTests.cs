using System.Text;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>
/// Servers whose answer has no end. The probe takes a bounded part of it and closes the connection; that is a failure of the check, and
/// none of the probe.
/// </summary>
public sealed class EndlessAnswerTests
{
    /// <summary>The bound of an answer, and what a connection has in its buffers.</summary>
    private const long MaxTaken = 32 * 1024 * 1024;

    private static readonly string _chunk = $"1000\r\n{new string('<', 4096)}\r\n";

    public static TheoryData<string, string, string> Stores =>
    [
        .. from store in (string[])["blobs", "s3"]
           from status in (string[])["200 OK", "201 Created", "400 Bad Request", "503 Service Unavailable"]
           select (store, Head(status), _chunk),
        .. from store in (string[])["blobs", "s3"]
           select (store, "HTTP/1.1 200 OK\r\n", $"x-header: {new string('x', 1024)}\r\n"),
    ];

    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.Endless)]
    [InlineData("$2000000000\r\n", "x")]
    [InlineData("*2000000000\r\n", "$1\r\nx\r\n")]
    [InlineData("+", "x")]
    [InlineData("-ERR ", "x")]
    public async Task Redis(string head, string rest)
    {
        await using var server = EndlessServer.Start(head, rest);

        var reason = await ReasonAsync("Healthz__Checks=caches", $"Healthz__Caches__default=redis://127.0.0.1:{server.Port}");

        Assert.NotNull(reason);
        await server.UntilNoneOpenAsync();
        Assert.InRange(server.MaxSent, 0, MaxTaken);
    }

    [Theory]
    [Holds(ProbedSystem.Memcached, SystemFault.Endless)]
    [InlineData("", "x")]
    [InlineData("VALUE key 0 2000000000\r\n", "x")]
    [InlineData("STORED\r\n", "STORED\r\n")]
    public async Task Memcached(string head, string rest)
    {
        await using var server = EndlessServer.Start(head, rest);

        var reason = await ReasonAsync("Healthz__Checks=caches", $"Healthz__Caches__default=memcached://127.0.0.1:{server.Port}");

        Assert.NotNull(reason);
        await server.UntilNoneOpenAsync();
        Assert.InRange(server.MaxSent, 0, MaxTaken);
    }

    [Theory]
    [Holds(ProbedSystem.S3, SystemFault.Endless)]
    [Holds(ProbedSystem.Blobs, SystemFault.Endless)]
    [MemberData(nameof(Stores))]
    public async Task Media_storage(string store, string head, string rest)
    {
        await using var server = EndlessServer.Start(head, rest);

        var reason = await ReasonAsync(["Healthz__Checks=media-storage-service", .. HostileStore.Settings(store, server.Port)]);

        Assert.NotNull(reason);
        await server.UntilNoneOpenAsync();
        Assert.InRange(server.MaxSent, 0, MaxTaken);
    }

    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Endless)]
    [InlineData("R\0\0\0\u0008\0\0\0\0", "N\0\0\0\u0018SNOTICE\0C00000\0Mx\0\0")]
    [InlineData("R\0\0\0\u0008\0\0\0\0", "S\0\0\0\u0009a\0bc\0")]
    [InlineData("N\u007f\u00ff\u00ff\u00ff", "xxxxxxxx")]
    [InlineData("E\0\u00ff\u00ff\u00ff", "Mxxxxxxx")]
    public async Task PostgreSQL(string head, string rest)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(rest, 1024)));
        await using var server = EndlessServer.Start([Encoding.Latin1.GetBytes(head)], bytes);

        var reason = await ReasonAsync(
            "Healthz__Checks=databases",
            "Healthz__Timeout=00:00:01",
            $"Healthz__Databases__default=Host=127.0.0.1;Port={server.Port};Database=d;Username=u;Password=p;SSL Mode=Disable;"
                + "GSS Encryption Mode=Disable");

        // The client drops each message. It does not stop to read where a server does not stop to send: the run goes on without it.
        Assert.NotNull(reason);
    }

    [Theory]
    [InlineData("Webhook")]
    [InlineData("Alertmanager")]
    public async Task A_receiver_of_notifications(string setting)
    {
        await using var server = EndlessServer.Start(Head("200 OK"), _chunk);
        await using var probe = RecordedProbe.StartOn(
            new MemoryHistoryStorage(), time: null, $"Healthz__{setting}=http://127.0.0.1:{server.Port}/");
        probe.Fails = Reason.Timeout;

        await probe.TickAsync(4);

        // All that matters of an answer is its status.
        Assert.Contains(probe.Events("HealthzNotificationSent"), message => message.Contains("event=opened", StringComparison.Ordinal));
        await server.UntilNoneOpenAsync();
        Assert.InRange(server.MaxSent, 0, MaxTaken);
    }

    private static string Head(string status) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/xml\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static async Task<Reason?> ReasonAsync(params IEnumerable<string> settings) =>
        Assert.Single((await SingleRun.RunAsync(settings)).Results).Reason;
}
