using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>Probes whose history is in memory, and a receiver of what they post.</summary>
public abstract class PostedIncidents : IAsyncLifetime
{
    private protected const string Secret = "a secret of some length";

    /// <summary>The runs of an incident, a character each: it is opened with the sixth, and resolved with the 18th.</summary>
    private protected const string Outage = "...xxxxx............";

    private protected MemoryHistoryStorage Storage { get; } = new();

    private protected NotificationReceiver Receiver { get; private set; } = null!;

    /// <summary>The way to the receiver.</summary>
    private protected FaultServer Way { get; private set; } = null!;

    /// <summary>What was received of the incident, such as <c>opened/2026-11-22T12:06:00Z</c>.</summary>
    private protected IEnumerable<string> Deliveries =>
        Receiver.Received.Select(post => post.Headers["X-Healthz-Delivery"]["database-default-20261122T120400Z/".Length..]);

    public async ValueTask InitializeAsync()
    {
        Receiver = await NotificationReceiver.StartAsync();
        Way = FaultServer.Start(FaultMode.Proxy, Receiver.EndPoint);
    }

    public async ValueTask DisposeAsync()
    {
        await Way.DisposeAsync();
        await Receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static async Task TickAsync(RecordedProbe probe, string runs, bool inVain = false)
    {
        foreach (var run in runs)
        {
            probe.Fails = run == 'x' ? Reason.Timeout : null;
            await (inVain ? probe.TickInVainAsync() : probe.TickAsync());
        }
    }

    /// <summary>
    /// Ticks until an incident is posted and resolved. The clock of the test does not wait for a post: one that is late by that clock is
    /// repeated, under the same delivery id.
    /// </summary>
    private protected async Task<IEnumerable<string>> TickUntilPostedAsync(RecordedProbe probe)
    {
        await Deadline.UntilAsync("both are posted", async () =>
        {
            await TickAsync(probe, ".", inVain: true);
            return Deliveries.Distinct().Count() >= 2;
        });
        return Deliveries.Distinct();
    }

    private protected RecordedProbe Start(FakeTimeProvider? time = null) => RecordedProbe.StartOn(
        Storage,
        time,
        $"Healthz__Webhook=http://{Way.EndPoint}/hook/path",
        $"Healthz__WebhookSecret={Secret}",
        "Healthz__Name=production",
        "Healthz__RunbookUrl=https://wiki.example.com/caluma");
}
