using System.Net;
using Caluma.Healthz.Tests.Checks.Faults;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.MediaStorage;

[Slow(IsLong = true)]
public sealed class MediaStorageFaultTests(Services services) : FaultTests(services)
{
    private const string Setting = "Healthz:MediaStorage:ConnectionString";

    private protected override int Kept => 2;

    private protected override IReadOnlyList<string> Targets => ["media storage service"];

    [Theory]
    [Holds(ProbedSystem.Blobs, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.Blobs, SystemFault.Cut, SystemFault.Garbage, SystemFault.SlowDrip)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.ClosesAtOnce), Reason.Connect)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Timeout)] // The garbage may be the beginning of a long line.
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_media_storage_that_failed_from_the_start_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: true, reason);

    /// <remarks>An open connection is not closed at once.</remarks>
    [Theory]
    [Holds(ProbedSystem.Blobs, SystemFault.Refused, SystemFault.BlackHole, SystemFault.Silent)]
    [Holds(ProbedSystem.Blobs, SystemFault.Garbage, SystemFault.SlowDrip, SystemFault.HalfOpen)]
    [InlineData(nameof(FaultMode.Refused), Reason.Connect)]
    [InlineData(nameof(FaultMode.BlackHole), Reason.Timeout)]
    [InlineData(nameof(FaultMode.AcceptsAndNeverAnswers), Reason.Timeout)]
    [InlineData(nameof(FaultMode.GarbageBytes), Reason.Timeout)]
    [InlineData(nameof(FaultMode.SlowDrip), Reason.Timeout)]
    public Task A_media_storage_that_begins_to_fail_fails_alone_and_in_time(string fault, Reason reason) =>
        TestAsync(fault, fromStart: false, reason);

    [Theory]
    [Holds(ProbedSystem.Blobs, SystemFault.Cut)]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_cut_answer_fails_the_media_storage(bool fromStart) =>
        TestAsync(FaultMode.CutMidAnswer(100), fromStart, Reason.Connect);

    [Theory]
    [Holds(ProbedSystem.Blobs, SystemFault.Garbage, SystemFault.WrongCredentials, SystemFault.Full, SystemFault.Overloaded)]
    [InlineData("not even a status\r\n\r\n", Reason.Protocol)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", Reason.Protocol)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n", Reason.Protocol)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", Reason.Auth)]
    [InlineData("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>", Reason.Busy)]
    [InlineData("HTTP/1.1 503 Server Busy\r\nx-ms-error-code: ServerBusy\r\nContent-Length: 0\r\n\r\n", Reason.Busy)]
    [InlineData("HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\n\r\n", Reason.Full)]
    public Task An_answer_of_another_server_fails_the_media_storage(string answer, Reason reason) =>
        TestAsync(FaultMode.Answering(System.Text.Encoding.ASCII.GetBytes(answer)), fromStart: false, reason);

    /// <remarks>Azurite answers AuthorizationFailure, and Azure AuthenticationFailed.</remarks>
    [Fact]
    [Holds(ProbedSystem.Blobs, SystemFault.WrongCredentials)]
    public async Task A_wrong_key_is_refused()
    {
        var azurite = await Services.Azurite;

        await TestSettingsAsync(
            caluma => caluma.Settings[Setting] = azurite.ConnectionStringWith(Convert.ToBase64String("wrong"u8)), Reason.Permission);
    }

    [Fact]
    [Holds(ProbedSystem.Blobs, SystemFault.NoTls)]
    public async Task TLS_to_a_server_without_TLS_fails_with_tls()
    {
        var azurite = await Services.Azurite;

        await TestSettingsAsync(
            caluma => caluma.Settings[Setting] = azurite.ConnectionString.Replace("http:", "https:", StringComparison.Ordinal), Reason.Tls);
    }

    private protected override async Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma) => (await Services.Azurite).EndPoint;

    private protected override async Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma) =>
        caluma.Settings[Setting] = (await Services.Azurite).ConnectionStringVia(proxy);
}
