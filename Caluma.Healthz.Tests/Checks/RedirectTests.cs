using System.Text;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>A server that answers with the address of another one. Nothing goes there: no request, no signature and no password.</summary>
public sealed class RedirectTests
{
    public static TheoryData<string, int> Cases =>
        [.. from who in (string[])["blobs", "s3"] from status in (int[])[301, 302, 303, 307, 308] select (who, status)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_store_cannot_send_the_probe_to_another_host(string store, int status)
    {
        await using var elsewhere = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        await using var server = FaultServer.Start(Redirect(status, elsewhere.Port));

        var report = await SingleRun.RunAsync(["Healthz__Checks=media-storage-service", .. HostileStore.Settings(store, server.Port)]);

        Assert.NotNull(Assert.Single(report.Results).Reason);
        Assert.Equal(0, elsewhere.Accepted);
    }

    [Theory]
    [InlineData("Webhook", 301)]
    [InlineData("Webhook", 307)]
    [InlineData("Webhook", 308)]
    [InlineData("Alertmanager", 302)]
    [InlineData("Alertmanager", 307)]
    public async Task A_receiver_of_notifications_cannot_either(string setting, int status)
    {
        await using var elsewhere = FaultServer.Start(FaultMode.AcceptsAndNeverAnswers);
        await using var server = FaultServer.Start(Redirect(status, elsewhere.Port));
        await using var probe = RecordedProbe.StartOn(
            new MemoryHistoryStorage(), time: null, $"Healthz__{setting}=http://user:password@127.0.0.1:{server.Port}/");
        probe.Fails = Reason.Timeout;

        await probe.TickInVainAsync(4);

        Assert.NotEmpty(probe.Events("HealthzNotificationFailed"));
        Assert.True(server.Accepted > 0);
        Assert.Equal(0, elsewhere.Accepted);
    }

    private static FaultMode Redirect(int status, int port) => FaultMode.Answering(Encoding.ASCII.GetBytes(
        $"HTTP/1.1 {status} Elsewhere\r\nLocation: http://127.0.0.1:{port}/elsewhere\r\nContent-Length: 0\r\n\r\n"));
}
