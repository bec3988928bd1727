using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>Each event of an incident is posted once, in order, with retries and a signature.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Secret = "a secret of some length";
    private const string Outage = "...xxxxx............";

    private readonly MemoryHistoryStorage _storage = new();
    private NotificationReceiver _receiver = null!;
    private FaultServer _way = null!;

    private IEnumerable<string> Deliveries =>
        _receiver.Received.Select(post => post.Headers["X-Healthz-Delivery"]["database-default-20261122T120400Z/".Length..]);

    public async ValueTask InitializeAsync()
    {
        _receiver = await NotificationReceiver.StartAsync();
        _way = FaultServer.Start(FaultMode.Proxy, _receiver.EndPoint);
    }

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Each_change_of_an_incident_is_one_signed_post()
    {
        await using var probe = Start();

        await TickAsync(probe, Outage);

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries);
        Assert.All(_receiver.Received, post =>
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
                JsonNode.Parse(_receiver.Received[1].Body)),
            _receiver.Received[1].Body);
        Assert.Equal(2, probe.Events("HealthzNotificationSent").Count);
    }

    [Theory]
    [InlineData("Refused")]
    [InlineData("503")]
    [InlineData("AcceptsAndNeverAnswers")]
    public async Task A_receiver_that_is_down_is_tried_less_and_less_often_and_then_gets_all_posts_in_order(string how)
    {
        await using var probe = Start();
        _receiver.Status = how == "503" ? 503 : 200;
        _way.Mode = how switch
        {
            "Refused" => FaultMode.Refused,
            "AcceptsAndNeverAnswers" => FaultMode.AcceptsAndNeverAnswers,
            _ => FaultMode.Proxy,
        };

        await TickAsync(probe, Outage, inVain: true);
        Assert.Empty(_receiver.Received);
        Assert.Equal(Outage.Length, (await probe.RecordsAsync(Records.Day)).Count);
        var failures = probe.Events("HealthzNotificationFailed");
        Assert.InRange(failures.Count, 2, 6);
        Assert.StartsWith("HealthzNotificationFailed channel=webhook reason=", failures[0], StringComparison.Ordinal);

        (_receiver.Status, _way.Mode) = (200, FaultMode.Proxy);
        await Deadline.UntilAsync("both are posted", async () =>
        {
            await TickAsync(probe, ".", inVain: true);
            return Deliveries.Distinct().Count() >= 2;
        });

        // The clock of the test does not wait for a post: one that is late by that clock is repeated, under the same delivery id.
        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries.Distinct());
    }

    [Fact]
    public async Task A_short_failure_of_a_receiver_is_retried_within_the_tick()
    {
        await using var probe = Start();
        await TickAsync(probe, "...xx");
        probe.PassTime();
        _receiver.Status = 500;
        var recording = probe.RecordAsync();
        await Deadline.UntilAsync("it was asked", () => _receiver.Asked > 0);
        _receiver.Status = 200;
        await Deadline.UntilAsync("it is recorded", () =>
        {
            probe.Time.Advance(TimeSpan.FromMilliseconds(100));
            return recording.IsCompleted;
        });
        await recording;

        Assert.Single(Deliveries);
        Assert.Empty(probe.Events("HealthzNotificationFailed"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_killed_process_and_a_second_one_post_once(bool isKilled)
    {
        await using var first = Start();
        var processes = new List<RecordedProbe> { first };
        foreach (var run in Outage)
        {
            first.PassTime();
            foreach (var process in isKilled ? processes.TakeLast(1) : processes)
            {
                process.Fails = run == 'x' ? Reason.Timeout : null;
                await process.RecordAsync();
            }

            if (isKilled || processes.Count == 1)
            {
                processes.Add(Start(first.Time));
            }
        }

        foreach (var process in processes.Skip(1))
        {
            await process.DisposeAsync();
        }

        // Each of two processes records its own runs, so three failures come sooner.
        string[] expected = isKilled
            ? ["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"]
            : ["opened/2026-11-22T12:05:00Z", "resolved/2026-11-22T12:18:00Z"];
        Assert.Equal(expected, Deliveries);
    }

    [Fact]
    public async Task A_post_that_failed_for_almost_a_day_is_delivered()
    {
        await using var probe = Start();
        _receiver.Status = 503;
        await TickAsync(probe, Outage, inVain: true);

        probe.Time.Advance(TimeSpan.FromHours(23));
        _receiver.Status = 200;
        await TickAsync(probe, "..");

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries.Take(2));
        Assert.Empty(probe.Events("HealthzNotificationLost"));
    }

    [Fact]
    public async Task A_post_that_failed_for_a_day_is_given_up_and_logged_once()
    {
        await using var probe = Start();
        _receiver.Status = 503;
        await TickAsync(probe, Outage, inVain: true);

        probe.Time.Advance(TimeSpan.FromHours(25));
        _receiver.Status = 200;
        await TickAsync(probe, "..");

        Assert.DoesNotContain(
            _receiver.Received, post => post.Headers["X-Healthz-Delivery"].StartsWith("database-default-", StringComparison.Ordinal));
        Assert.Equal(
            [
                "HealthzNotificationLost channel=webhook event=opened id=database-default-20261122T120400Z",
                "HealthzNotificationLost channel=webhook event=resolved id=database-default-20261122T120400Z",
            ],
            probe.Events("HealthzNotificationLost"));

        await TickAsync(probe, "...xxx");
        Assert.Contains(
            _receiver.Received,
            post => post.Headers["X-Healthz-Delivery"].StartsWith("database-default-20261123", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Posts_go_on_while_the_storage_is_down()
    {
        await using var probe = Start();
        await TickAsync(probe, "..");
        _storage.Fault = _ => StorageFault.Refuse(403, "AuthorizationFailure");

        await TickAsync(probe, "xxxxx");
        Assert.Single(_receiver.Received);
        _storage.Fault = null;
        await TickAsync(probe, ".............");

        Assert.Equal(["opened", "resolved"], _receiver.Received.Select(post => $"{JsonNode.Parse(post.Body)!["event"]}"));
    }

    [Fact]
    public async Task An_incident_that_ended_before_the_webhook_was_configured_is_not_posted()
    {
        await using var before = RecordedProbe.StartOn(_storage);
        await TickAsync(before, Outage);

        await using var probe = Start(before.Time);
        await TickAsync(probe, ".....");

        Assert.Empty(_receiver.Received);
    }

    [Fact]
    public async Task Without_an_incident_the_webhook_sends_no_request_to_the_storage()
    {
        await using var probe = Start();
        await TickAsync(probe, "...");
        _storage.Clear();

        await TickAsync(probe, ".");

        Assert.Equal(4, _storage.Requests.Count);
    }

    private static async Task TickAsync(RecordedProbe probe, string runs, bool inVain = false)
    {
        foreach (var run in runs)
        {
            probe.Fails = run == 'x' ? Reason.Timeout : null;
            await (inVain ? probe.TickInVainAsync() : probe.TickAsync());
        }
    }

    private RecordedProbe Start(FakeTimeProvider? time = null) => RecordedProbe.StartOn(
        _storage,
        time,
        $"Healthz__Webhook=http://{_way.EndPoint}/hook/path",
        $"Healthz__WebhookSecret={Secret}",
        "Healthz__Name=production",
        "Healthz__RunbookUrl=https://wiki.example.com/caluma");
}
