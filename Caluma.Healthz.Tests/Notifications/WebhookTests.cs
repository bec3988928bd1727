using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>Each event of an incident is posted once, in order, with retries and a signature.</summary>
public sealed class WebhookTests : PostedIncidents
{
    [Fact]
    public async Task Each_change_of_an_incident_is_one_signed_post()
    {
        await using var probe = Start();

        await TickAsync(probe, Outage);

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries);
        Assert.All(Receiver.Received, post =>
        {
            Assert.Equal("/hook/path", post.Path);
            Assert.Equal("application/json", post.Headers["Content-Type"]);
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(post.Body));
            Assert.Equal($"sha256={Convert.ToHexStringLower(signature)}", post.Headers["X-Healthz-Signature-256"]);
        });
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                    {
                      "version": 1,
                      "event": "resolved",
                      "at": "2026-11-22T12:18:00Z",
                      "incident": {
                        "id": "database-default-20261122T120400Z",
                        "system": "database",
                        "target": "default",
                        "severity": "critical",
                        "checks": ["databases"],
                        "started": "2026-11-22T12:04:00Z",
                        "opened": "2026-11-22T12:06:00Z",
                        "next": "Reach its host and port from where the probe runs (a firewall may drop packets), and look at its load.",
                        "reason": "timeout",
                        "resolved": "2026-11-22T12:18:00Z"
                      },
                      "environment": "production",
                      "runbook": "https://wiki.example.com/caluma"
                    }
                    """),
                JsonNode.Parse(Receiver.Received[1].Body)),
            Receiver.Received[1].Body);
        Assert.Equal(2, probe.Events("HealthzNotificationSent").Count);
    }

    [Theory]
    [InlineData("Refused")]
    [InlineData("503")]
    [InlineData("AcceptsAndNeverAnswers")]
    public async Task A_receiver_that_is_down_is_tried_less_and_less_often_and_then_gets_all_posts_in_order(string how)
    {
        await using var probe = Start();
        Receiver.Status = how == "503" ? 503 : 200;
        Way.Mode = how switch
        {
            "Refused" => FaultMode.Refused,
            "AcceptsAndNeverAnswers" => FaultMode.AcceptsAndNeverAnswers,
            _ => FaultMode.Proxy,
        };

        await TickAsync(probe, Outage, inVain: true);
        Assert.Empty(Receiver.Received);
        Assert.Equal(Outage.Length, (await probe.RecordsAsync(Records.Day)).Count);
        var failures = probe.Events("HealthzNotificationFailed");
        Assert.InRange(failures.Count, 2, 6);
        Assert.StartsWith("HealthzNotificationFailed channel=webhook reason=", failures[0], StringComparison.Ordinal);

        (Receiver.Status, Way.Mode) = (200, FaultMode.Proxy);

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], await TickUntilPostedAsync(probe));
    }

    [Fact]
    public async Task A_short_failure_of_a_receiver_is_retried_within_the_tick()
    {
        await using var probe = Start();
        await TickAsync(probe, "...xx");
        probe.PassTime();
        Receiver.Status = 500;
        var recording = probe.RecordAsync();
        await Deadline.UntilAsync("it was asked", () => Receiver.Asked > 0);
        Receiver.Status = 200;
        await Deadline.UntilAsync("it is recorded", () =>
        {
            probe.Time.Advance(TimeSpan.FromMilliseconds(100));
            return recording.IsCompleted;
        });
        await recording;

        Assert.Single(Deliveries);
        Assert.Empty(probe.Events("HealthzNotificationFailed"));
    }

    [Fact]
    public async Task A_post_that_failed_for_almost_a_day_is_delivered()
    {
        await using var probe = Start();
        Receiver.Status = 503;
        await TickAsync(probe, Outage, inVain: true);

        probe.Time.Advance(TimeSpan.FromHours(23));
        Receiver.Status = 200;
        await TickAsync(probe, "..");

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries.Take(2));
        Assert.Empty(probe.Events("HealthzNotificationLost"));
    }

    [Fact]
    public async Task A_post_that_failed_for_a_day_is_given_up_and_logged_once()
    {
        await using var probe = Start();
        Receiver.Status = 503;
        await TickAsync(probe, Outage, inVain: true);

        probe.Time.Advance(TimeSpan.FromHours(25));
        Receiver.Status = 200;
        await TickAsync(probe, "..");

        Assert.DoesNotContain(
            Receiver.Received, post => post.Headers["X-Healthz-Delivery"].StartsWith("database-default-", StringComparison.Ordinal));
        Assert.Equal(
            [
                "HealthzNotificationLost channel=webhook event=opened id=database-default-20261122T120400Z",
                "HealthzNotificationLost channel=webhook event=resolved id=database-default-20261122T120400Z",
            ],
            probe.Events("HealthzNotificationLost"));

        await TickAsync(probe, "...xxx");
        Assert.Contains(Deliveries, delivery => delivery.Contains("2026-11-23", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Posts_go_on_while_the_storage_is_down()
    {
        await using var probe = Start();
        await TickAsync(probe, "..");
        Storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");

        await TickAsync(probe, "xxxxx");
        Assert.Single(Receiver.Received);
        Storage.Fault = null;
        await TickAsync(probe, ".............");

        Assert.Equal(["opened", "resolved"], Receiver.Received.Select(post => $"{JsonNode.Parse(post.Body)!["event"]}"));
    }

    [Fact]
    public async Task Without_an_incident_the_webhook_sends_no_request_to_the_storage()
    {
        await using var probe = Start();
        await TickAsync(probe, "...");
        Storage.Clear();

        await TickAsync(probe, ".");

        Assert.Equal(4, Storage.Requests.Count);
    }
}
