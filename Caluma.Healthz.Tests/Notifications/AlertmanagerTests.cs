using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>The notifications of a real Alertmanager: one for an incident, and one for its end.</summary>
[Slow]
public sealed class AlertmanagerTests : IAsyncLifetime
{
    /// <summary>
    /// Alertmanager has the real clock, and resolves an incident 15 minutes after its last post. So the runs are those of the last quarter
    /// of an hour.
    /// </summary>
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow.AddMinutes(-15));

    private readonly MemoryHistoryStorage _storage = new();
    private NotificationReceiver _receiver = null!;
    private AlertmanagerServer _alertmanager = null!;
    private FaultServer _way = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await NotificationReceiver.StartAsync();
        _alertmanager = await AlertmanagerServer.StartNewAsync(new Uri($"http://{_receiver.EndPoint}/hook"));
        _way = FaultServer.Start(FaultMode.Proxy, _alertmanager.EndPoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync();
        await _alertmanager.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task An_incident_is_one_notification_and_one_resolve()
    {
        await using var probe = Start();

        await TickAsync(probe, "xxx");
        await UntilAsync("firing");
        await TickAsync(probe, ".............");
        await UntilAsync("firing", "resolved");

        var alert = JsonNode.Parse(_receiver.Received[0].Body)!["alerts"]![0]!;
        Assert.Equal(
            ["CalumaIncident", "critical", "database", "default", "timeout", "production"],
            ((string[])["alertname", "severity", "system", "target", "reason", "environment"])
                .Select(label => $"{alert["labels"]![label]}"));
        Assert.StartsWith("database-default-", $"{alert["labels"]!["incident"]}", StringComparison.Ordinal);
        Assert.Equal("database default: timeout (databases)", $"{alert["annotations"]!["summary"]}");
        Assert.StartsWith("Reach its host", $"{alert["annotations"]!["description"]}", StringComparison.Ordinal);
        Assert.Equal("https://wiki.example.com/caluma", $"{alert["annotations"]!["runbook_url"]}");
        Assert.DoesNotContain(probe.Log.GetSnapshot(), record => record.Id.Name == "HealthzNotificationFailed");
    }

    [Fact]
    public async Task A_killed_probe_and_a_second_one_notify_once()
    {
        await using var probe = Start();
        await TickAsync(probe, "xxx");
        await UntilAsync("firing");

        await using var next = Start();
        await using var replica = Start();
        foreach (var verdict in "xx..........")
        {
            next.Fails = replica.Fails = verdict == 'x' ? Reason.Timeout : null;
            next.PassTime();
            await next.RecordAsync();
            await replica.RecordAsync();
        }

        await UntilAsync("firing", "resolved");
    }

    [Fact]
    public async Task An_Alertmanager_that_was_down_for_ten_minutes_gets_the_incident_then()
    {
        await using var probe = Start();
        await TickAsync(probe, "xxx");
        await UntilAsync("firing");

        _way.Mode = FaultMode.Refused;
        await TickAsync(probe, "..........");
        Assert.Contains(probe.Incidents(), incident => incident.StartsWith("HealthzIncidentResolved", StringComparison.Ordinal));
        Assert.Equal(10, probe.Events("HealthzNotificationFailed").Count);
        Assert.Equal(
            "HealthzNotificationFailed channel=alertmanager reason=connect pending=1", probe.Events("HealthzNotificationFailed")[0]);
        _way.Mode = FaultMode.Proxy;
        await TickAsync(probe, ".");

        await UntilAsync("firing", "resolved");
    }

    [Fact]
    public async Task An_incident_that_ended_before_it_could_be_posted_is_posted_all_the_same()
    {
        await using var probe = Start();
        _way.Mode = FaultMode.Refused;
        await TickAsync(probe, "xxx..........");
        _way.Mode = FaultMode.Proxy;

        await TickAsync(probe, ".");
        await UntilAsync("firing");
        await TickAsync(probe, ".");

        await UntilAsync("firing", "resolved");
    }

    [Fact]
    public async Task An_Alertmanager_that_lost_its_state_gets_the_incident_again_and_notifies_once()
    {
        await using var probe = Start();
        await TickAsync(probe, "xxx");
        await UntilAsync("firing");
        await Deadline.UntilAsync("Alertmanager has noted that its receiver knows", () => _alertmanager.HasNoted);

        await _alertmanager.RestartAsync();
        await TickAsync(probe, "x...........");

        await UntilAsync("firing", "resolved");
    }

    private static async Task TickAsync(RecordedProbe probe, string runs)
    {
        foreach (var run in runs)
        {
            probe.Fails = run == 'x' ? Reason.Timeout : null;
            await probe.TickAsync();
        }
    }

    private RecordedProbe Start() => RecordedProbe.StartOn(
        _storage,
        _time,
        $"Healthz__Alertmanager=http://{_way.EndPoint}",
        "Healthz__Name=production",
        "Healthz__RunbookUrl=https://wiki.example.com/caluma");

    /// <summary>Waits until exactly these notifications have arrived, in this order.</summary>
    private async Task UntilAsync(params string[] states)
    {
        await Deadline.UntilAsync(
            $"{string.Join(", ", states)} comes out", () => States().Count >= states.Length, () => $"{_alertmanager.Log}");
        Assert.Equal(states, States());
    }

    private List<string> States() => [.. _receiver.Received.Select(post => $"{JsonNode.Parse(post.Body)!["status"]}")];
}
