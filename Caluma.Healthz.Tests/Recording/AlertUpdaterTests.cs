using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>What is announced, is announced once, whatever becomes of what the probe remembers.</summary>
[Slow]
public sealed class AlertUpdaterTests(Services services) : IAsyncLifetime
{
    private const string State = "alerts/state.json";
    private const string Latest = "latest.json";
    private const string Unavailable = "rule=unavailable";
    private const string Log = "records/2026/11/22.jsonl";

    /// <summary>An incident with relapses that is over, and comes back.</summary>
    private const string Runs = "...xxxxxxx.....x..x.xx.x.....................................xxx...........";

    private StorageProxy _proxy = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _proxy = await StorageProxy.StartAsync(await services.Azurite);

    public ValueTask DisposeAsync() => _proxy.DisposeAsync();

    [Fact]
    public async Task An_alert_fires_once_and_ends_once_each_time()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);

        var alerts = await AnnouncedAsync(probe, () => Task.FromResult(probe));

        Assert.Equal(
            [
                "HealthzAlertFiring rule=unavailable severity=critical since=2026-11-22T12:04:00Z check=databases target=default",
                "HealthzAlertResolved rule=unavailable severity=critical since=2026-11-22T12:04:00Z check=databases target=default",
                "HealthzAlertFiring rule=unavailable severity=critical since=2026-11-22T13:02:00Z check=databases target=default",
                "HealthzAlertResolved rule=unavailable severity=critical since=2026-11-22T13:02:00Z check=databases target=default",
            ],
            alerts.Where(alert => alert.Contains(Unavailable, StringComparison.Ordinal)));
        Assert.Contains(alerts, alert => alert.Contains("rule=burn-fast", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_incident_is_opened_once_and_resolved_once_and_says_what_a_person_asks()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);

        var announced = await AnnouncedAsync(probe, () => Task.FromResult(probe));

        const string Said = "id=database-default-20261122T120400Z system=database severity=critical started=2026-11-22T12:04:00Z "
            + "opened=2026-11-22T12:06:00Z reason=timeout checks=databases next=Reach its host and port from where the probe runs "
            + "(a firewall may drop packets), and look at its load. target=default";
        Assert.Equal(
            [
                $"HealthzIncidentOpened at=2026-11-22T12:06:00Z {Said}", $"HealthzIncidentResolved at=2026-11-22T12:54:00Z {Said}",
                $"HealthzIncidentOpened at=2026-11-22T13:04:00Z {Said}",
            ],
            announced.Where(message => message.StartsWith("HealthzIncident", StringComparison.Ordinal)));
        Assert.Equal(
            [LogLevel.Error, LogLevel.Information, LogLevel.Error],
            probe.Log.GetSnapshot()
                .Where(record => record.Id.Name!.StartsWith("HealthzIncident", StringComparison.Ordinal))
                .Select(record => record.Level));
    }

    [Theory]
    [InlineData("restart")]
    [InlineData("two instances")]
    [InlineData("state deleted")]
    [InlineData("state deleted, restart")]
    [InlineData("state rubbish")]
    [InlineData("state rubbish, restart")]
    [InlineData("state cut off, restart")]
    [InlineData("state empty, restart")]
    [InlineData("state empty, latest deleted, restart")]
    [InlineData("state older")]
    [InlineData("state older, restart")]
    [InlineData("latest deleted")]
    [InlineData("latest deleted, restart")]
    [InlineData("latest rubbish, restart")]
    [InlineData("both deleted")]
    [InlineData("both deleted, restart")]
    [InlineData("rollup deleted, restart")]
    public async Task What_happens_after_each_run_changes_nothing_in_what_is_announced(string what)
    {
        await using var undisturbed = await RecordedProbe.StartNewAsync(services);
        var expected = await AnnouncedAsync(undisturbed, () => Task.FromResult(undisturbed));
        await using var probe = await RecordedProbe.StartNewAsync(services);
        var processes = new List<RecordedProbe> { probe };
        var versions = new List<BinaryData>();
        var turn = 0;

        var alerts = await AnnouncedAsync(probe, async () =>
        {
            await DisturbAsync(probe.Container, what, versions);
            if (what.Contains("restart", StringComparison.Ordinal) || (what == "two instances" && processes.Count < 2))
            {
                processes.Add(probe.Again());
            }

            return what == "two instances" ? processes[++turn % 2] : processes[^1];
        });

        foreach (var process in processes.Skip(1))
        {
            await process.DisposeAsync();
        }

        Assert.Equal(expected, alerts);
        probe.Fails = undisturbed.Fails = Reason.Auth;
        await undisturbed.TickAsync();
        await using var last = probe.Again();
        await last.TickAsync();
        Assert.Equal(undisturbed.Announcements().Skip(expected.Count), last.Announcements());
        Assert.Equal((await undisturbed.LatestAsync()).Alerts, (await probe.LatestAsync()).Alerts);
        Assert.Equal((await undisturbed.StateAsync()).Open, (await probe.StateAsync()).Open);
        Assert.Empty(processes.SelectMany(process => process.Events("HealthzRecordFailed")));
    }

    /// <summary>The process ends after it has written the state and before it has written what it announced.</summary>
    [Theory]
    [InlineData(nameof(StorageFault.Cut))]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    public async Task A_change_is_announced_by_the_next_process_where_this_one_may_have_died_before(string fault)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        _proxy.Fault = request => request.Writes(Latest) ? StorageFault.Cut
            : request.Writes(State) && fault == nameof(StorageFault.LoseAnswer) ? StorageFault.LoseAnswer : null;
        await probe.TickAsync();
        _proxy.Fault = null;
        Assert.Contains((await probe.StateAsync()).Open, alert => alert.Rule == AlertRule.Unavailable);
        Assert.DoesNotContain((await probe.LatestAsync()).Alerts, alert => alert.Rule == AlertRule.Unavailable);

        await using var next = probe.Again();
        await next.TickAsync();
        await using var third = next.Again();
        await third.TickAsync();

        Assert.Single(Announced(next));
        Assert.Empty(Announced(third));
    }

    [Theory]
    [InlineData(Latest)]
    [InlineData(State)]
    public async Task A_change_is_announced_once_by_a_process_that_lives_on(string blob)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        _proxy.Fault = request => request.Writes(blob) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await probe.TickAsync(2);
        Assert.Single(Announced(probe));

        _proxy.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Contains((await probe.LatestAsync()).Alerts, alert => alert.Rule == AlertRule.Unavailable);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)] // As often as it is tried.
    public async Task A_state_whose_writing_was_not_confirmed_is_found_again_and_nothing_is_announced_twice(int times, int failures)
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        var left = times;
        _proxy.Fault = request => request.Writes(State) && Interlocked.Decrement(ref left) >= 0 ? StorageFault.LoseAnswer : null;

        await probe.TickAsync(2);

        Assert.Single(Announced(probe));
        Assert.Equal(4, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(failures, probe.Events("HealthzRecordFailed").Count);
    }

    /// <remarks>As where an operator holds a lease on it.</remarks>
    [Fact]
    public async Task A_state_that_cannot_be_written_keeps_no_alert_back()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);
        await probe.TickAsync();
        var lease = probe.Container.GetBlobClient(State).GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancel);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(5);
        Assert.Single(Announced(probe));
        Assert.Equal(5, probe.Events("HealthzRecordFailed").Count);

        await lease.ReleaseAsync(cancellationToken: Cancel);
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(6, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(7, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task What_others_have_recorded_and_not_judged_is_judged()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);
        await probe.TickAsync();
        await RecordElsewhereAsync(probe, 3);

        await probe.TickAsync();

        var alert = Assert.Single(Announced(probe));
        Assert.Contains("since=2026-11-22T12:02:00Z", alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_judged_before_the_log_broke_off_is_announced_all_the_same()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await probe.TickAsync();
        var read = (await probe.ReadAsync(Log)).Length;
        await RecordElsewhereAsync(probe, 40);
        var enough = ((await probe.ReadAsync(Log)).Length - read) * 3 / 4;
        var asked = 0;
        _proxy.Fault = request =>
            !request.Reads(Log) ? null : Interlocked.Increment(ref asked) == 1 ? StorageFault.CutAnswerAfter(enough) : StorageFault.Cut;

        await probe.TickAsync();
        Assert.EndsWith(
            "failed=alerts,rollups pending=0 lost=0", Assert.Single(probe.Events("HealthzRecordFailed")), StringComparison.Ordinal);
        _proxy.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(43, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task A_storage_that_fails_while_another_has_judged_keeps_no_alert_back()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        await using var other = probe.Again((await services.Azurite).ConnectionString);
        await probe.TickAsync();
        await other.TickAsync();

        // The probe learns that its state is no longer the newest, and not which one is.
        probe.Fails = Reason.Timeout;
        _proxy.Fault = request => request.Reads(State) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await probe.TickAsync(4);
        Assert.Single(Announced(probe));
        _proxy.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(5, (await probe.StateAsync()).Series.Single().Streak);
    }

    [Fact]
    public async Task After_a_year_without_a_run_the_state_is_up_to_date_again_in_few_requests()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services, _proxy);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(3);
        probe.Time.Advance(TimeSpan.FromDays(365));
        _proxy.Clear();

        await using var next = probe.Again();
        next.Fails = null;
        await next.TickAsync(2);

        Assert.InRange(_proxy.Requests.Count, 1, 40);
        Assert.Contains(next.Alerts(), alert =>
            alert.StartsWith("HealthzAlertResolved", StringComparison.Ordinal) && alert.Contains(Unavailable, StringComparison.Ordinal));
        Assert.Empty(next.Events("HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_state_of_a_week_of_minutes_is_made_anew_within_a_tick()
    {
        await using var probe = await RecordedProbe.StartNewAsync(services);
        var log = new RecordLog(probe.Get<IHistoryStorage>());
        for (var day = -8; day < 0; day++)
        {
            var start = new DateTimeOffset(Records.Day.AddDays(day), TimeOnly.MinValue, TimeSpan.Zero);
            await log.AppendAsync(
                Enumerable.Range(0, 1440).Select(
                    minute => Records.At(start.AddMinutes(minute), fails: day == -1 && minute > 1000 ? Reason.Auth : null)), Cancel);
        }

        await probe.TickAsync();

        Assert.Equal([1001.0], (await probe.StateAsync()).Open.Where(alert => alert.Rule == AlertRule.Unavailable)
            .Select(alert => alert.Since.TimeOfDay.TotalMinutes));
        Assert.Empty(probe.Events("HealthzRecordFailed"));
    }

    /// <summary>What is announced while a probe passes, fails and passes again.</summary>
    /// <param name="first">The process that starts.</param>
    /// <param name="then">Called after each run: the process of the next.</param>
    private static async Task<IReadOnlyList<string>> AnnouncedAsync(RecordedProbe first, Func<Task<RecordedProbe>> then)
    {
        var alerts = new List<string>();
        var process = first;
        foreach (var fails in Runs)
        {
            process.Fails = fails == 'x' ? Reason.Timeout : null;
            var announced = process.Announcements().Count;
            await process.TickAsync();
            alerts.AddRange(process.Announcements().Skip(announced));
            process = await then();
        }

        return alerts;
    }

    /// <summary>What was said of the outage: each time, of its alert and of its incident, the same.</summary>
    private static List<string> Announced(RecordedProbe probe)
    {
        var alerts = probe.Alerts().Where(alert => alert.Contains(Unavailable, StringComparison.Ordinal)).ToList();
        const string Opened = "HealthzIncidentOpened id=database-";
        Assert.Equal(alerts.Count, probe.Incidents().Count(incident => incident.StartsWith(Opened, StringComparison.Ordinal)));
        return alerts;
    }

    /// <summary>Records failing runs as a process does that is killed each time before it has judged them.</summary>
    private static async Task RecordElsewhereAsync(RecordedProbe probe, int times)
    {
        for (var tick = 0; tick < times; tick++)
        {
            probe.PassTime();
            await new RecordLog(probe.Get<IHistoryStorage>()).AppendAsync(
                [Records.At(probe.Time.GetUtcNow(), "other",
                    Reason.Timeout) with { Checks = [new(Check.Databases, "default", false, 1, Reason.Timeout)] }], Cancel);
        }
    }

    private static async Task DisturbAsync(BlobContainerClient container, string what, List<BinaryData> versions)
    {
        foreach (var disturbance in what.Split(", "))
        {
            switch (disturbance)
            {
                case "state deleted":
                    await DeleteAsync(State);
                    break;
                case "latest deleted":
                    await DeleteAsync(Latest);
                    break;
                case "both deleted":
                    await DeleteAsync(State);
                    await DeleteAsync(Latest);
                    break;
                case "rollup deleted":
                    await DeleteAsync(HistoryNames.Rollup(Records.Day));
                    break;
                case "state rubbish":
                    await WriteAsync(State, BinaryData.FromString("<html>"));
                    break;
                case "state cut off":
                    var state = await ReadAsync(State);
                    await WriteAsync(State, new BinaryData(state.ToMemory()[..(state.Length / 2)]));
                    break;
                case "state empty":
                    await WriteAsync(State, BinaryData.FromString("{}"));
                    break;
                case "latest rubbish":
                    await WriteAsync(Latest, BinaryData.FromString("rubbish"));
                    break;
                case "state older":
                    versions.Add(await ReadAsync(State));
                    await WriteAsync(State, versions[Math.Max(0, versions.Count - 4)]);
                    break;
            }
        }

        async Task<BinaryData> ReadAsync(string name) => (await container.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content;

        Task WriteAsync(string name, BinaryData content) => container.GetBlobClient(name).UploadAsync(content, overwrite: true, Cancel);

        Task DeleteAsync(string name) => container.DeleteBlobIfExistsAsync(name, DeleteSnapshotsOption.None, cancellationToken: Cancel);
    }
}
