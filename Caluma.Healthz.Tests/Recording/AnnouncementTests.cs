using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>What is announced is the same, whatever becomes of the documents beside the log and of the processes that write them.</summary>
public sealed class AnnouncementTests
{
    private const string State = "alerts/state.json";
    private const string Latest = "latest.json";
    private const string Unavailable = "rule=unavailable";

    /// <summary>An incident with relapses that is over, and comes back.</summary>
    private const string Runs = "...xxxxxxx.....x..x.xx.x.....................................xxx...........";

    private readonly MemoryHistoryStorage _storage = new();

    [Fact]
    public async Task An_alert_fires_once_and_ends_once_each_time()
    {
        await using var probe = RecordedProbe.StartOn(_storage);

        var alerts = await AnnouncedAsync(probe, () => probe);

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
        await using var probe = RecordedProbe.StartOn(_storage);

        var announced = await AnnouncedAsync(probe, () => probe);

        const string Said = "id=database-default-20261122T120400Z system=database severity=critical started=2026-11-22T12:04:00Z "
            + "opened=2026-11-22T12:06:00Z reason=timeout checks=databases next=Reach its host and port from where the probe runs "
            + "(a firewall may drop packets), and look at its load. target=default";
        Assert.Equal(
            [
                $"HealthzIncidentOpened at=2026-11-22T12:06:00Z {Said}", $"HealthzIncidentResolved at=2026-11-22T12:58:00Z {Said}",
                $"HealthzIncidentUpdated at=2026-11-22T13:04:00Z {Said}",
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
        await using var undisturbed = RecordedProbe.StartOn(new MemoryHistoryStorage());
        var expected = await AnnouncedAsync(undisturbed, () => undisturbed);
        await using var probe = RecordedProbe.StartOn(_storage);
        var processes = new List<RecordedProbe> { probe };
        var versions = new List<string>();
        var turn = 0;

        var alerts = await AnnouncedAsync(probe, () =>
        {
            Disturb(what, versions);
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

    /// <summary>What is announced while a probe passes, fails and passes again.</summary>
    /// <param name="first">The process that starts.</param>
    /// <param name="then">Called after each run: the process of the next.</param>
    private static async Task<IReadOnlyList<string>> AnnouncedAsync(RecordedProbe first, Func<RecordedProbe> then)
    {
        var alerts = new List<string>();
        var process = first;
        foreach (var fails in Runs)
        {
            process.Fails = fails == 'x' ? Reason.Timeout : null;
            var announced = process.Announcements().Count;
            await process.TickAsync();
            alerts.AddRange(process.Announcements().Skip(announced));
            process = then();
        }

        return alerts;
    }

    private void Disturb(string what, List<string> versions)
    {
        foreach (var disturbance in what.Split(", "))
        {
            switch (disturbance)
            {
                case "state deleted":
                    _storage.Delete(State);
                    break;
                case "latest deleted":
                    _storage.Delete(Latest);
                    break;
                case "both deleted":
                    _storage.Delete(State);
                    _storage.Delete(Latest);
                    break;
                case "rollup deleted":
                    _storage.Delete(HistoryNames.Rollup(Records.Day));
                    break;
                case "state rubbish":
                    _storage.Put(State, "<html>");
                    break;
                case "state cut off":
                    _storage.Put(State, _storage.Text(State)[..(_storage.Text(State).Length / 2)]);
                    break;
                case "state empty":
                    _storage.Put(State, "{}");
                    break;
                case "latest rubbish":
                    _storage.Put(Latest, "rubbish");
                    break;
                case "state older":
                    versions.Add(_storage.Text(State));
                    _storage.Put(State, versions[Math.Max(0, versions.Count - 4)]);
                    break;
            }
        }
    }
}
