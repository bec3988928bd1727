using System.Text;

namespace Caluma.Healthz.Tests.Checks.Faults;

/// <summary>
/// Each kind of client against a server in this process that misbehaves: the check fails with its reason, and in time where there is no
/// answer. <see cref="FaultTests"/> have real servers behind it, other targets beside it, and the recovery.
/// </summary>
public sealed class FaultyTargetTests
{
    private const string NoHost = "nowhere.invalid";

    private static readonly FaultMode _garbage = FaultMode.Answering(Encoding.ASCII.GetBytes("\x7f\x01garbage\r\n\r\n"));

    /// <summary>The kinds of client.</summary>
    public static TheoryData<string> Targets => ["postgresql", "pgbouncer", "redis", "sentinel", "cluster", "memcached", "blobs", "s3"];

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Refused)]
    [Holds(ProbedSystem.Cluster, SystemFault.Refused)]
    [Holds(ProbedSystem.S3, SystemFault.Refused)]
    [MemberData(nameof(Targets))]
    public async Task A_server_that_refuses_connections(string target)
    {
        await using var server = FaultServer.Start(FaultMode.Refused);

        Assert.Equal(Reason.Connect, await ReasonAsync(target, server.Port));
    }

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Silent)]
    [Holds(ProbedSystem.Cluster, SystemFault.Silent)]
    [Holds(ProbedSystem.S3, SystemFault.Silent)]
    [MemberData(nameof(Targets))]
    public async Task A_server_that_accepts_and_is_silent(string target)
    {
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);

        Assert.Equal(Reason.Timeout, await ReasonAsync(target, server.Port, "Healthz__Timeout=00:00:01"));
    }

    [Theory]
    [Holds(ProbedSystem.Memcached, SystemFault.BlackHole)]
    [Holds(ProbedSystem.Sentinel, SystemFault.BlackHole)]
    [Holds(ProbedSystem.Cluster, SystemFault.BlackHole)]
    [Holds(ProbedSystem.S3, SystemFault.BlackHole)]
    [MemberData(nameof(Targets))]
    public async Task A_server_that_does_not_even_accept(string target)
    {
        await using var server = FaultServer.Start(FaultMode.BlackHole);

        Assert.Equal(Reason.Timeout, await ReasonAsync(target, server.Port, "Healthz__Timeout=00:00:01"));
    }

    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Cut)]
    [Holds(ProbedSystem.Cluster, SystemFault.Cut)]
    [Holds(ProbedSystem.S3, SystemFault.Cut)]
    [MemberData(nameof(Targets))]
    public async Task A_server_that_closes_each_connection(string target)
    {
        await using var server = FaultServer.Start(FaultMode.ClosesAtOnce);

        Assert.Equal(Reason.Connect, await ReasonAsync(target, server.Port));
    }

    /// <remarks>Not PostgreSQL: its client may take any bytes for the beginning of a long message.</remarks>
    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.Garbage)]
    [Holds(ProbedSystem.Cluster, SystemFault.Garbage)]
    [Holds(ProbedSystem.Memcached, SystemFault.Garbage)]
    [InlineData("redis")]
    [InlineData("sentinel")]
    [InlineData("cluster")]
    [InlineData("memcached")]
    [InlineData("blobs")]
    [InlineData("s3")]
    public async Task A_server_of_no_known_protocol(string target)
    {
        await using var server = FaultServer.Start(_garbage);

        Assert.Equal(Reason.Protocol, await ReasonAsync(target, server.Port));
    }

    [Theory]
    [Holds(ProbedSystem.PostgreSQL, SystemFault.UnknownName)]
    [Holds(ProbedSystem.PgBouncer, SystemFault.UnknownName)]
    [Holds(ProbedSystem.Redis, SystemFault.UnknownName)]
    [Holds(ProbedSystem.Sentinel, SystemFault.UnknownName)]
    [Holds(ProbedSystem.Cluster, SystemFault.UnknownName)]
    [Holds(ProbedSystem.Memcached, SystemFault.UnknownName)]
    [Holds(ProbedSystem.S3, SystemFault.UnknownName)]
    [Holds(ProbedSystem.Blobs, SystemFault.UnknownName)]
    [MemberData(nameof(Targets))]
    public async Task A_host_name_that_does_not_exist(string target) =>
        Assert.Equal(Reason.Dns, await ReasonAsync(target, 1, host: NoHost));

    /// <remarks>The answer of a server without TLS to the beginning of a handshake.</remarks>
    [Theory]
    [Holds(ProbedSystem.Sentinel, SystemFault.NoTls)]
    [Holds(ProbedSystem.Cluster, SystemFault.NoTls)]
    [Holds(ProbedSystem.S3, SystemFault.NoTls)]
    [InlineData("postgresql", "N")]
    [InlineData("redis", "-ERR unknown command\r\n")]
    [InlineData("sentinel", "-ERR unknown command\r\n")]
    [InlineData("cluster", "-ERR unknown command\r\n")]
    [InlineData("blobs", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("s3", "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_server_without_the_TLS_that_is_wanted(string target, string answer)
    {
        await using var server = FaultServer.Start(FaultMode.Answering(Encoding.ASCII.GetBytes(answer)));

        Assert.Equal(Reason.Tls, await ReasonAsync(target, server.Port, withTls: true));
    }

    [Theory]
    [Holds(ProbedSystem.Redis, SystemFault.ExpiredCertificate)]
    [Holds(ProbedSystem.Sentinel, SystemFault.UntrustedCertificate, SystemFault.ExpiredCertificate)]
    [Holds(ProbedSystem.Cluster, SystemFault.UntrustedCertificate, SystemFault.ExpiredCertificate)]
    [Holds(ProbedSystem.S3, SystemFault.ExpiredCertificate)]
    [Holds(ProbedSystem.Blobs, SystemFault.UntrustedCertificate, SystemFault.ExpiredCertificate)]
    [InlineData("redis", false)]
    [InlineData("redis", true)]
    [InlineData("sentinel", false)]
    [InlineData("sentinel", true)]
    [InlineData("cluster", false)]
    [InlineData("cluster", true)]
    [InlineData("blobs", false)]
    [InlineData("blobs", true)]
    [InlineData("s3", false)]
    [InlineData("s3", true)]
    public async Task A_certificate_that_is_not_valid(string target, bool hasExpired)
    {
        using var certificate = SelfSignedCertificate.Create(hasExpired);
        await using var server = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers, certificate: certificate);

        Assert.Equal(Reason.Tls, await ReasonAsync(target, server.Port, withTls: true));
    }

    [Theory]
    [Holds(ProbedSystem.S3, SystemFault.WrongClock)]
    [Holds(ProbedSystem.Blobs, SystemFault.WrongClock)]
    [InlineData("s3", "HTTP/1.1 403 Forbidden\r\nContent-Length: 55\r\n\r\n<Error><Code>RequestTimeTooSkewed</Code></Error>       ")]
    [InlineData("blobs", "HTTP/1.1 403 Forbidden\r\nx-ms-error-code: AuthenticationFailed\r\nContent-Length: 0\r\n\r\n")]
    public async Task A_store_whose_clock_differs(string target, string answer)
    {
        await using var server = FaultServer.Start(FaultMode.Answering(Encoding.ASCII.GetBytes(answer)));

        Assert.Equal(Reason.Auth, await ReasonAsync(target, server.Port));
    }

    private static Task<Reason?> ReasonAsync(
        string target, int port, string? setting = null, string host = "127.0.0.1", bool withTls = false) =>
        ReasonAsync([.. SettingsOf(target, $"{host}:{port}", withTls), .. setting is null ? (string[])[] : [setting]]);

    private static async Task<Reason?> ReasonAsync(IEnumerable<string> settings) =>
        Assert.Single((await SingleRun.RunAsync(settings)).Results).Reason;

    private static IEnumerable<string> SettingsOf(string target, string address, bool withTls)
    {
        var tls = withTls ? ",ssl=true" : "";
        return target switch
        {
            "postgresql" =>
            [
                "Healthz__Checks=databases", $"Healthz__Databases__default=postgres://u:p@{address}/d?gssencmode=disable&sslmode="
                    + (withTls ? "require" : "disable"),
            ],
            "pgbouncer" =>
            [
                "Healthz__Checks=databases",
                $"Healthz__Databases__default=Host={address.Replace(":", ";Port=", StringComparison.Ordinal)};Database=d;Username=u;"
                    + "Password=p;Pooling=false;No Reset On Close=true;SSL Mode=Disable;GSS Encryption Mode=Disable",
            ],
            "redis" => ["Healthz__Checks=caches", $"Healthz__Caches__default={address}{tls}"],
            "sentinel" => ["Healthz__Checks=caches", $"Healthz__Caches__default={address},serviceName=primary{tls}"],
            "cluster" =>
            [
                "Healthz__Checks=caches",
                $"Healthz__Caches__default={address},{address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}{tls}",
            ],
            "memcached" => ["Healthz__Checks=caches", $"Healthz__Caches__default=memcached://{address}"],
            _ => ["Healthz__Checks=media-storage-service", .. HostileStore.Settings(target, address, withTls)],
        };
    }
}
