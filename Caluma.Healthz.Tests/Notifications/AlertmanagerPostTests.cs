using System.Globalization;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>The posts to an Alertmanager over times that a real one, without a settable clock, cannot test.</summary>
public sealed class AlertmanagerPostTests : IAsyncLifetime
{
    private const string Schedule = "Healthz__Schedule=0 */10 * * * *";

    private readonly MemoryHistoryStorage _storage = new();
    private NotificationReceiver _receiver = null!;

    public async ValueTask InitializeAsync() => _receiver = await NotificationReceiver.StartAsync();

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task An_incident_of_days_is_repeated_with_each_run_and_ends_once()
    {
        await using var probe = Start();
        probe.Fails = Reason.Full;
        await probe.TickAsync(4 * 144);
        Assert.Equal((4 * 144) - 2, _receiver.Received.Count);
        Assert.All(_receiver.Received, post => Assert.Equal("/am/api/v2/alerts", post.Path));
        Assert.Equal(TimeSpan.FromMinutes(40), EndsAt(_receiver.Received[^1]) - probe.Time.GetUtcNow());

        probe.Fails = null;
        await probe.TickAsync(2);
        var resolved = probe.Time.GetUtcNow();
        await probe.TickAsync(20);

        Assert.Equal(resolved, EndsAt(_receiver.Received[^1]));
        Assert.Equal((4 * 144) - 2 + 3, _receiver.Received.Count);
        Assert.Equal(
            ["event=opened", "event=resolved"],
            probe.Events("HealthzNotificationSent").Select(message => message.Split(' ')[2]));
    }

    [Fact]
    public async Task An_open_incident_keeps_its_labels_when_checks_join()
    {
        await using var probe = Start();
        probe.Fails = Reason.Full;
        await probe.TickAsync(3);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(10);

        Assert.Single(_receiver.Received.Select(post => $"{Alert(post)["labels"]!.ToJsonString()} {Alert(post)["startsAt"]}").Distinct());
    }

    [Fact]
    public async Task Without_an_open_incident_nothing_is_posted()
    {
        await using var probe = Start();

        await probe.TickAsync(5);

        Assert.Empty(_receiver.Received);
    }

    private static JsonNode Alert(ReceivedPost post) => Assert.Single(JsonNode.Parse(post.Body)!.AsArray())!;

    private static DateTimeOffset EndsAt(ReceivedPost post) =>
        DateTimeOffset.Parse($"{Alert(post)["endsAt"]}", CultureInfo.InvariantCulture);

    private RecordedProbe Start() =>
        RecordedProbe.StartOn(_storage, time: null, $"Healthz__Alertmanager=http://{_receiver.EndPoint}/am/", Schedule);
}
