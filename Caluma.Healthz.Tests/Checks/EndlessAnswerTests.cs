using System.Globalization;
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

    /// <summary>Replies of Redis, for each way to it.</summary>
    public static TheoryData<string, string, string> Replies =>
    [
        .. from cache in (string[])["redis://127.0.0.1:{0}", "127.0.0.1:{0},serviceName=primary", "127.0.0.1:{0},localhost:{0}"]
           from reply in ((string First, string Then)[])
               [("$2000000000\r\n", "x"), ("*2000000000\r\n", "$1\r\nx\r\n"), ("+", "x"), ("-ERR ", "x")]
           select (cache, reply.First, reply.Then),
    ];

    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.Endless)]
    [Holds(ProbedSystem.Sentinel, SystemFault.Endless)]
    [Holds(ProbedSystem.Cluster, SystemFault.Endless)]
    [MemberData(nameof(Replies))]
    public async Task Redis(string cache, string head, string rest)
    {
        await using var server = EndlessServer.Start(head, rest);

        var reason = await ReasonAsync(
            "Healthz__Checks=caches",
            $"Healthz__Caches__default={string.Format(CultureInfo.InvariantCulture, cache, server.Port)}");

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
        await using var server = StartPostgreSQL([head], rest);

        // The client drops each message. It does not stop to read where a server does not stop to send: the run goes on without it.
        Assert.NotNull(await PostgresReasonAsync(server));
    }

    /// <remarks>A pooler logs a client in by itself, and then passes on what a server sends.</remarks>
    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.Endless)]
    [Holds(ProbedSystem.PgBouncer, SystemFault.Endless)]
    [InlineData("1\0\0\0\u00042\0\0\0\u0004T\0\0\0\u001a\0\u0001a\0\0\0\0\0\0\0\0\0\0\u0017\0\u0004\u00ff\u00ff\u00ff\u00ff\0\u0001",
        "D\0\0\0\u000e\0\u0001\0\0\0\u0004\0\0\0\u0001")]
    [InlineData("1\0\0\0\u0004", "N\0\0\0\u0018SNOTICE\0C00000\0Mx\0\0")]
    public async Task PgBouncer(string head, string rest)
    {
        const string login = "R\0\0\0\u0008\0\0\0\0S\0\0\0\u0018server_version\015.1\0K\0\0\0\u000c\0\0\0\u0001\0\0\0\u0001Z\0\0\0\u0005I";
        await using var server = StartPostgreSQL([login, head], rest);

        Assert.NotNull(await PostgresReasonAsync(server));
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

    private static EndlessServer StartPostgreSQL(IEnumerable<string> heads, string rest) => EndlessServer.Start(
        [.. heads.Select(head => (ReadOnlyMemory<byte>)Encoding.Latin1.GetBytes(head))],
        Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat(rest, 1024))));

    private static Task<Reason?> PostgresReasonAsync(EndlessServer server) => ReasonAsync(
        "Healthz__Checks=databases",
        "Healthz__Timeout=00:00:01",
        $"Healthz__Databases__default=Host=127.0.0.1;Port={server.Port};Database=d;Username=u;Password=p;SSL Mode=Disable;"
            + "GSS Encryption Mode=Disable");

    private static async Task<Reason?> ReasonAsync(params IEnumerable<string> settings) =>
        Assert.Single((await SingleRun.RunAsync(settings)).Results).Reason;
}
