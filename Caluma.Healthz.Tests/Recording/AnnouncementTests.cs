using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The announcements are the same, whatever happens to the documents beside the log and to the processes.</summary>
public sealed class AnnouncementTests
{
    private const string State = "alerts/state.json";
    private const string Latest = "latest.json";
    private const string Unavailable = "rule=unavailable";

    /// <summary>An incident with relapses that ends and comes back.</summary>
    private const string Runs = "...xxxxxxx.....x..x.xx.x.....................................xxx...........";

    private readonly MemoryHistoryStorage _storage = new();
    private readonly List<string> _states = [];

    /// <summary>Documents that are lost.</summary>
    public enum Loss
    {
        None,
        StateDeleted,
        StateGarbage,
        StateTorn,
        StateEmpty,
        StateEmptyAndLatestDeleted,
        StateOlder,
        LatestDeleted,
        LatestGarbage,
        BothDeleted,
        RollupDeleted,
    }

    [Fact]
    public async Task An_alert_is_triggered_once_and_resolved_once()
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
    public async Task An_incident_is_opened_and_resolved_once_with_all_its_data()
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
                .Where(record => record.Id.Name is "HealthzIncidentOpened" or "HealthzIncidentUpdated" or "HealthzIncidentResolved")
                .Select(record => record.Level));
    }

    /// <param name="loss">The documents that are lost after each run.</param>
    /// <param name="restarts">Whether the process restarts after each run.</param>
    [Theory]
    [InlineData(Loss.None, true)]
    [InlineData(Loss.StateDeleted, false)]
    [InlineData(Loss.StateDeleted, true)]
    [InlineData(Loss.StateGarbage, false)]
    [InlineData(Loss.StateGarbage, true)]
    [InlineData(Loss.StateTorn, true)]
    [InlineData(Loss.StateEmpty, true)]
    [InlineData(Loss.StateEmptyAndLatestDeleted, true)]
    [InlineData(Loss.StateOlder, false)]
    [InlineData(Loss.StateOlder, true)]
    [InlineData(Loss.LatestDeleted, false)]
    [InlineData(Loss.LatestDeleted, true)]
    [InlineData(Loss.LatestGarbage, true)]
    [InlineData(Loss.BothDeleted, false)]
    [InlineData(Loss.BothDeleted, true)]
    [InlineData(Loss.RollupDeleted, true)]
    public Task A_loss_after_each_run_does_not_change_the_announcements(Loss loss, bool restarts) => AssertSameAsync(processes =>
    {
        Lose(loss);
        if (restarts)
        {
            processes.Add(processes[0].Again());
        }

        return processes[^1];
    });

    [Fact]
    public Task Two_processes_in_turn_announce_the_same_as_one()
    {
        var turn = 0;
        return AssertSameAsync(processes =>
        {
            if (processes.Count < 2)
            {
                processes.Add(processes[0].Again());
            }

            return processes[++turn % 2];
        });
    }

    /// <summary>Announces as an undisturbed process does, whatever happens between the runs.</summary>
    /// <param name="next">Called after each run: gives the process of the next.</param>
    private async Task AssertSameAsync(Func<List<RecordedProbe>, RecordedProbe> next)
    {
        await using var undisturbed = RecordedProbe.StartOn(new MemoryHistoryStorage());
        var expected = await AnnouncedAsync(undisturbed, () => undisturbed);
        await using var probe = RecordedProbe.StartOn(_storage);
        var processes = new List<RecordedProbe> { probe };

        var announced = await AnnouncedAsync(probe, () => next(processes));

        foreach (var process in processes.Skip(1))
        {
            await process.DisposeAsync();
        }

        Assert.Equal(expected, announced);
        probe.Fails = undisturbed.Fails = Reason.Auth;
        await undisturbed.TickAsync();
        await using var last = probe.Again();
        await last.TickAsync();
        Assert.Equal(undisturbed.Announcements().Skip(expected.Count), last.Announcements());
        Assert.Equal((await undisturbed.LatestAsync()).Alerts, (await probe.LatestAsync()).Alerts);
        Assert.Equal((await undisturbed.StateAsync()).Open, (await probe.StateAsync()).Open);
        Assert.Empty(processes.SelectMany(process => process.Events("HealthzRecordFailed")));
    }

    /// <summary>The announcements of a probe that passes, fails and passes again.</summary>
    /// <param name="first">The process of the first run.</param>
    /// <param name="then">Called after each run: gives the process of the next.</param>
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

    private void Lose(Loss loss)
    {
        switch (loss)
        {
            case Loss.None:
                break;
            case Loss.StateDeleted:
                _storage.Delete(State);
                break;
            case Loss.StateGarbage:
                _storage.Put(State, "<html>");
                break;
            case Loss.StateTorn:
                _storage.Put(State, _storage.Text(State)[..(_storage.Text(State).Length / 2)]);
                break;
            case Loss.StateEmpty:
                _storage.Put(State, "{}");
                break;
            case Loss.StateEmptyAndLatestDeleted:
                _storage.Put(State, "{}");
                _storage.Delete(Latest);
                break;
            case Loss.StateOlder:
                _states.Add(_storage.Text(State));
                _storage.Put(State, _states[Math.Max(0, _states.Count - 4)]);
                break;
            case Loss.LatestDeleted:
                _storage.Delete(Latest);
                break;
            case Loss.LatestGarbage:
                _storage.Put(Latest, "rubbish");
                break;
            case Loss.BothDeleted:
                _storage.Delete(State);
                _storage.Delete(Latest);
                break;
            case Loss.RollupDeleted:
                _storage.Delete(HistoryNames.Rollup(Records.Day));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(loss));
        }
    }
}
