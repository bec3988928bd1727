using Caluma.Healthz.Tests.Recording;

namespace Caluma.Healthz.Tests.Notifications;

/// <summary>What a process posts that starts, or that has missed what others have recorded and posted.</summary>
public sealed class WebhookProcessTests : PostedIncidents
{
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
    public async Task An_incident_that_ends_before_the_storage_first_answers_is_posted()
    {
        await using var probe = Start();
        Receiver.Status = 503;
        Storage.Fault = request => request.Reads("notifications/state.json") ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await TickAsync(probe, Outage, inVain: true);
        (Receiver.Status, Storage.Fault) = (200, null);

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], await TickUntilPostedAsync(probe));
    }

    [Fact]
    public async Task An_incident_whose_processes_were_killed_before_they_posted_it_is_posted_by_the_next_one()
    {
        await using var first = Start();
        await TickAsync(first, ".");
        await using var killed = RecordedProbe.StartOn(Storage, first.Time);
        await TickAsync(killed, Outage);

        await using var probe = Start(first.Time);
        Assert.Equal(["opened/2026-11-22T12:07:00Z", "resolved/2026-11-22T12:19:00Z"], await TickUntilPostedAsync(probe));
    }

    [Fact]
    public async Task An_incident_that_is_over_with_the_first_run_of_a_webhook_is_posted_as_a_whole()
    {
        await using var before = RecordedProbe.StartOn(Storage);
        await TickAsync(before, Outage[..17]);
        Assert.Null(Assert.Single((await before.StateAsync()).Incidents).Incident.Resolved);

        await using var probe = Start(before.Time);
        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], await TickUntilPostedAsync(probe));
    }

    [Fact]
    public async Task An_incident_that_ended_before_the_webhook_was_configured_is_not_posted()
    {
        await using var before = RecordedProbe.StartOn(Storage);
        await TickAsync(before, Outage);

        await using var probe = Start(before.Time);
        await TickAsync(probe, ".....");

        Assert.Empty(Receiver.Received);
    }

    /// <summary>One writes its first document between the first read and the first write of the other.</summary>
    [Fact]
    public async Task Processes_that_post_for_the_first_time_at_the_same_time_post_once()
    {
        await using var before = RecordedProbe.StartOn(Storage);
        await TickAsync(before, Outage[..8]);
        await using var one = Start(before.Time);
        await using var other = Start(before.Time);
        (one.Fails, other.Fails, var isFirst) = (Reason.Timeout, Reason.Timeout, true);
        Storage.Fault = request =>
        {
            if (!request.Writes("notifications/state.json") || !isFirst)
            {
                return null;
            }

            isFirst = false;
            return StorageFault.Delay(other.RecordAsync());
        };

        await one.TickAsync();

        Assert.False(isFirst);
        Assert.Equal(["opened/2026-11-22T12:06:00Z"], Deliveries);
    }

    /// <summary>The process reads what was posted when its own claim is refused.</summary>
    [Fact]
    public async Task An_event_that_another_process_has_posted_does_not_hold_back_the_next_one()
    {
        await using var first = Start();
        await using var other = Start(first.Time);
        await TickAsync(first, Outage[..1]);
        await other.RecordAsync();
        await TickAsync(first, Outage[1..17]);

        await TickAsync(other, ".");

        Assert.Equal(["opened/2026-11-22T12:06:00Z", "resolved/2026-11-22T12:18:00Z"], Deliveries);
    }
}
