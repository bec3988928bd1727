using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>Each change is announced once, whatever happens to the documents of the probe.</summary>
public sealed class AlertUpdaterTests
{
    private const string State = "alerts/state.json";
    private const string Latest = "latest.json";
    private const string Unavailable = "rule=unavailable";
    private const string Log = "records/2026/11/22.jsonl";

    private readonly MemoryHistoryStorage _storage = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The process ends between the writes of the state and of the latest run.</summary>
    [Theory]
    [InlineData(nameof(StorageFault.Cut))]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    public async Task A_change_is_announced_by_the_next_process_after_a_kill(string fault)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(Latest) ? StorageFault.Cut
            : request.Writes(State) && fault == nameof(StorageFault.LoseAnswer) ? StorageFault.LoseAnswer : null;
        await probe.TickAsync();
        _storage.Fault = null;
        Assert.Contains((await probe.StateAsync()).Open, alert => alert.Rule == AlertRule.Unavailable);
        Assert.DoesNotContain((await probe.LatestAsync()).Alerts, alert => alert.Rule == AlertRule.Unavailable);

        await AssertTheNextProcessAnnouncesItAsync(probe);
    }

    /// <summary>As above, in the first runs of a history.</summary>
    [Fact]
    public async Task A_change_is_announced_by_the_next_process_although_no_latest_run_was_ever_written()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        _storage.Fault = request => request.Reads(State) ? StorageFault.Refuse(403, "AuthorizationFailure")
            : request.Writes(Latest) ? StorageFault.Cut : null;
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(Latest) ? StorageFault.Cut : null;
        await probe.TickAsync();
        _storage.Fault = null;
        Assert.Contains((await probe.StateAsync()).Open, alert => alert.Rule == AlertRule.Unavailable);

        await AssertTheNextProcessAnnouncesItAsync(probe);
    }

    /// <summary>It would say that the change is not announced.</summary>
    /// <param name="isFirst">Whether it is the first one of its process.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_latest_run_that_is_written_late_replaces_no_newer_one(bool isFirst)
    {
        await using var before = RecordedProbe.StartOn(_storage);
        await before.TickAsync();
        before.Fails = Reason.Timeout;
        await before.TickAsync();
        await using var again = before.Again();
        var probe = isFirst ? again : before;
        await using var other = probe.Again();
        var held = new TaskCompletionSource();
        _storage.Fault = request => request.Writes(Latest) ? StorageFault.Delay(held.Task) : null;
        _storage.Clear();
        probe.PassTime();
        var late = probe.RecordAsync();
        await Deadline.UntilAsync("it is written", () => _storage.Requests.Any(request => request.Writes(Latest)));

        _storage.Fault = null;
        await other.RecordAsync();
        held.SetResult();
        await late;

        Assert.Single(Announced(other));
        await using var next = probe.Again();
        await next.TickAsync();
        Assert.Empty(Announced(next));
    }

    [Fact]
    public async Task A_change_in_the_first_runs_is_announced_although_no_document_could_be_read_or_written()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        _storage.Fault = request => request.Reads(State) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await probe.TickAsync(5);
        Assert.Empty(Announced(probe));

        _storage.Fault = null;
        await probe.TickAsync(2);

        Assert.Single(Announced(probe));
    }

    [Theory]
    [InlineData(Latest)]
    [InlineData(State)]
    public async Task A_change_is_announced_once_although_its_state_could_not_be_written(string blob)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(blob) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await probe.TickAsync(2);
        Assert.Single(Announced(probe));

        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Contains((await probe.LatestAsync()).Alerts, alert => alert.Rule == AlertRule.Unavailable);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)] // At each try.
    public async Task A_write_without_a_confirmation_delays_no_alert_and_repeats_none(int times, int failures)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(2);
        var left = times;
        _storage.Fault = request => request.Writes(State) && Interlocked.Decrement(ref left) >= 0 ? StorageFault.LoseAnswer : null;

        await probe.TickAsync();
        Assert.Single(Announced(probe));
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(4, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(failures, probe.Events("HealthzRecordFailed").Count);
    }

    /// <remarks>As if an operator held a lease on the document.</remarks>
    [Fact]
    public async Task A_state_that_cannot_be_written_delays_no_alert()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        _storage.Hold(State);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(5);
        Assert.Single(Announced(probe));
        Assert.Equal(5, probe.Events("HealthzRecordFailed").Count);

        _storage.Release(State);
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(6, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(7, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task Records_of_other_processes_are_judged()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        await RecordElsewhereAsync(probe, 3);

        await probe.TickAsync();

        var alert = Assert.Single(Announced(probe));
        Assert.Contains("since=2026-11-22T12:02:00Z", alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_before_a_broken_log_are_announced_all_the_same()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        var read = (await probe.ReadAsync(Log)).Length;
        await RecordElsewhereAsync(probe, 40);
        var enough = ((await probe.ReadAsync(Log)).Length - read) * 3 / 4;
        var asked = 0;
        _storage.Fault = request =>
            !request.Reads(Log) ? null : Interlocked.Increment(ref asked) == 1 ? StorageFault.CutAnswerAfter(enough) : StorageFault.Cut;

        await probe.TickAsync();
        Assert.EndsWith(
            "failed=alerts,rollups pending=0 lost=0", Assert.Single(probe.Events("HealthzRecordFailed")), StringComparison.Ordinal);
        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(43, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task A_storage_that_fails_after_another_process_has_judged_delays_no_alert()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await using var other = probe.Again();
        await probe.TickAsync();
        await other.TickAsync();

        // The probe learns that its state is outdated, but cannot read the newest one.
        probe.Fails = Reason.Timeout;
        _storage.Fault = request => request.Reads(State) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await probe.TickAsync(4);
        Assert.Single(Announced(probe));
        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Single(Announced(probe));
        Assert.Equal(5, (await probe.StateAsync()).Series.Single().Streak);
    }

    [Fact]
    public async Task After_a_year_without_runs_the_state_catches_up_in_few_requests()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(3);
        probe.Time.Advance(TimeSpan.FromDays(365));
        _storage.Clear();

        await using var next = probe.Again();
        next.Fails = null;
        await next.TickAsync(2);

        Assert.InRange(_storage.Requests.Count, 1, 40);
        Assert.Contains(next.Alerts(), alert =>
            alert.StartsWith("HealthzAlertResolved", StringComparison.Ordinal) && alert.Contains(Unavailable, StringComparison.Ordinal));
        Assert.Empty(next.Events("HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_lost_state_of_a_week_is_computed_within_a_tick()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
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

    /// <summary>Starts two more processes, one after the other: the first one announces the outage, the second one does not.</summary>
    private static async Task AssertTheNextProcessAnnouncesItAsync(RecordedProbe probe)
    {
        await using var next = probe.Again();
        await next.TickAsync();
        await using var third = next.Again();
        await third.TickAsync();

        Assert.Single(Announced(next));
        Assert.Empty(Announced(third));
    }

    /// <summary>The announcements of the outage's alert and incident, which are the same each time.</summary>
    private static List<string> Announced(RecordedProbe probe)
    {
        var alerts = probe.Alerts().Where(alert => alert.Contains(Unavailable, StringComparison.Ordinal)).ToList();
        Assert.Equal(
            alerts.Count,
            probe.Events("HealthzIncidentOpened").Count(incident => incident.Contains(" id=database-", StringComparison.Ordinal)));
        return alerts;
    }

    /// <summary>Records failing runs like a process that is killed each time before it judges them.</summary>
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
}
