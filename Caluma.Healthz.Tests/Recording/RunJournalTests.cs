using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Recording;

public sealed class RunJournalTests
{
    private const string Log = "records/2026/11/22.jsonl";
    private const string Rollup = "rollups/2026/11/22.json";

    private static readonly string[] _warmTick = [$"PUT {Log} appendblock", "PUT alerts/state.json", "PUT latest.json", $"PUT {Rollup}"];

    private static readonly Func<StorageRequest, StorageFault?> _forbid = _ => StorageFault.Refuse(403, "AuthorizationFailure");

    private readonly MemoryHistoryStorage _storage = new();

    [Theory]
    [InlineData("0 * * * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 0,7,20 * * * *")]
    public async Task A_warm_tick_costs_four_requests_whatever_the_schedule(string schedule)
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, $"Healthz__Schedule={schedule}");
        await probe.TickAsync(3);
        for (var tick = 0; tick < 20; tick++)
        {
            // Alerts that fire and end cost nothing besides.
            probe.Fails = tick % 10 > 4 ? Reason.Timeout : null;
            _storage.Clear();

            await probe.TickAsync();

            Assert.Equal(_warmTick, Asked());
            Assert.Equal(4, CallsOfLastTick(probe));
        }

        Assert.NotEmpty(probe.Alerts());
    }

    [Fact]
    public async Task The_first_tick_of_a_process_costs_six_requests()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(3);
        _storage.Clear();

        await using var again = probe.Again();
        await again.TickAsync();

        Assert.Equal(
            [$"PUT {Log} appendblock", "GET alerts/state.json", "PUT alerts/state.json",
                "PUT latest.json", $"GET {Rollup}", $"PUT {Rollup}"], Asked());
        Assert.Equal(6, CallsOfLastTick(again));
    }

    /// <remarks>Whether the process before has announced it is known from latest.json.</remarks>
    [Fact]
    public async Task It_costs_one_more_where_the_run_before_has_changed_an_alert()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(3);
        Assert.NotEmpty(probe.Alerts());
        _storage.Clear();

        await using var again = probe.Again();
        await again.TickAsync();

        Assert.Equal(7, Asked().Count);
        Assert.Equal(7, CallsOfLastTick(again));
    }

    [Fact]
    public async Task The_first_tick_of_all_creates_what_is_missing()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        _storage.Remove();

        await probe.TickAsync();

        // Without a state: the rollups of 60 days, which are in three months, and the days of the log.
        Assert.Equal(
            [
                $"PUT {Log} appendblock", "PUT", $"PUT {Log}", $"PUT {Log} appendblock",
                "GET alerts/state.json", "GET latest.json", "GET  list",
                "GET  list", "GET  list", "GET  list", "PUT alerts/state.json", "PUT latest.json",
                $"GET {Rollup}", "GET  list", "GET  list", $"PUT {Rollup}", "GET  list", "GET  list", "GET  list", "GET  list", "GET  list",
            ],
            Asked());
        Assert.Equal(Asked().Count, CallsOfLastTick(probe));
    }

    [Fact]
    public async Task A_storage_that_was_away_from_the_start_loses_nothing()
    {
        _storage.Fault = _forbid;
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(4);

        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(["12:01", "12:02", "12:03", "12:04", "12:05"], await probe.TicksAsync(Records.Day));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(
            Enumerable.Range(1, 4).Select(pending => $"HealthzRecordFailed reason=permission failed=record pending={pending} lost=0"),
            probe.Failures().Select(failure => failure.Message));
    }

    [Fact]
    public async Task Of_more_than_can_be_kept_the_oldest_are_lost_and_told_of_as_an_error()
    {
        _storage.Fault = _forbid;
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(RunJournal.MaxPending + 2);

        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(
            [
                (LogLevel.Warning, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=0"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
                (LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=1000 lost=1"),
            ],
            probe.Failures().TakeLast(3));
        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(Enumerable.Range(3, RunJournal.MaxPending + 1)
            .Select(minute => Records.Noon.AddMinutes(minute)), records.Select(record => record.Tick));
        Assert.Equal(
            RunJournal.MaxPending + 1, await probe.RolledUpAsync(Records.Day) + await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Fact]
    public async Task The_oldest_is_not_given_up_before_the_storage_was_asked_again()
    {
        _storage.Fault = _forbid;
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(RunJournal.MaxPending);

        _storage.Fault = null;
        await probe.TickAsync();

        var records = (await probe.RecordsAsync(Records.Day)).Concat(await probe.RecordsAsync(Records.Day.AddDays(1)));
        Assert.Equal(RunJournal.MaxPending + 1, records.Count());
        Assert.DoesNotContain(probe.Failures(), failure => failure.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_storage_that_fails_between_two_days_gets_both()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        _storage.Fault = _forbid;
        await probe.TickAsync(7);

        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(["23:55", "23:56", "23:57", "23:58", "23:59"], await probe.TicksAsync(Records.Day));
        Assert.Equal(["00:00", "00:01", "00:02", "00:03", "00:04"], await probe.TicksAsync(Records.Day.AddDays(1)));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(5, await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Theory]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    [InlineData(nameof(StorageFault.Cut))]
    public async Task An_append_whose_answer_is_lost_every_time_counts_once(string fault)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _storage.Fault = request =>
            !request.IsAppend ? null : fault == nameof(StorageFault.Cut) ? StorageFault.Cut : StorageFault.LoseAnswer;
        await probe.TickAsync();
        _storage.Fault = null;
        await probe.TickAsync();
        probe.Fails = null;
        await probe.TickAsync();

        // The first try and two retries, and then with the next record.
        Assert.Equal(fault == nameof(StorageFault.Cut) ? 6 : 9, Lines(await probe.ReadAsync(Log)));
        Assert.Equal(6, (await probe.RecordsAsync(Records.Day)).Count);
        var hour = Assert.Single((await probe.RollupAsync(Records.Day)).Hours);
        Assert.Equal((6, 3), (hour.Ticks, hour.Series[0].Reasons[Reason.Timeout]));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        var open = (await probe.StateAsync()).Open.Single(alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((Records.Noon.AddMinutes(3), Records.Noon.AddMinutes(5)), (open.Since, open.Triggered));
    }

    [Fact]
    public async Task An_append_that_lands_twice_at_once_counts_once()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _storage.FaultOnce(request => request.IsAppend, StorageFault.LoseAnswer);
        await probe.TickAsync();

        Assert.Equal(3, Lines(await probe.ReadAsync(Log)));
        Assert.Equal(2, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(2, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Empty(probe.Failures());
    }

    [Theory]
    [InlineData("full")]
    [InlineData("foreign")]
    public async Task What_is_recorded_goes_on_in_the_next_part(string what)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        if (what == "foreign")
        {
            _storage.Put(Log, "nothing of ours");
        }

        await probe.TickAsync(2);
        if (what == "full")
        {
            _storage.Fault = request => request.IsAppend && request.Blob == Log ? StorageFault.Refuse(409, "BlockCountExceedsLimit") : null;
        }

        await probe.TickAsync(2);
        await using var again = probe.Again();
        await again.TickAsync(2);
        await probe.TickAsync(2);

        Assert.Equal(8, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(8, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(8, (await probe.StateAsync()).Series.Single().Streak);
        Assert.Equal(1, (await probe.StateAsync()).Part);
        Assert.Empty(probe.Failures());
        Assert.Empty(again.Failures());
    }

    /// <remarks>An operator holds a lease on it.</remarks>
    [Theory]
    [InlineData(TrendState.BlobName, "alerts")]
    [InlineData(LatestRun.BlobName, "alerts")]
    [InlineData(Rollup, "rollups")]
    public async Task A_document_that_cannot_be_written_keeps_nothing_else_from_being_written_and_is_named(string name, string failed)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await probe.TickAsync();
        _storage.Fault = request => request.Writes(name) ? StorageFault.Refuse(412, "LeaseIdMissing") : null;
        await probe.TickAsync(3);

        Assert.Equal(Enumerable.Repeat($"HealthzRecordFailed reason=busy failed={failed} pending=0 lost=0", 3),
            probe.Failures().Select(failure => failure.Message));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(name == Rollup ? 1 : 4, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(name == TrendState.BlobName ? 1 : 4, (await probe.StateAsync()).Series.Single().Streak);
        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(5, (await probe.StateAsync()).Series.Single().Streak);
    }

    [Fact]
    public async Task What_is_pending_is_written_at_the_end()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        await using (var ending = probe.Again())
        {
            ending.Fails = Reason.Timeout;
            await ending.TickAsync();
            _storage.Fault = _forbid;
            await ending.TickAsync(3);
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            _storage.Fault = null;
        }

        // What the next process has to know of it, too: what was announced is not announced again.
        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
        await using var next = probe.Again();
        next.Fails = Reason.Timeout;
        await next.TickAsync();
        Assert.DoesNotContain(next.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.Equal(7, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(7, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task What_was_announced_and_not_yet_saved_is_saved_at_the_end()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Fails = Reason.Timeout;
        await using (var ending = probe.Again())
        {
            await ending.TickAsync(2);
            _storage.Fault = request => request.Writes(TrendState.BlobName) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
            await ending.TickAsync();
            Assert.Single(ending.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
            _storage.Fault = null;
        }

        await probe.TickAsync();
        Assert.DoesNotContain(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_written_at_the_end_is_told_of_as_lost()
    {
        _storage.Fault = _forbid;
        var probe = RecordedProbe.StartOn(_storage);
        await using (probe)
        {
            await probe.TickAsync(3);
            await probe.Get<RunJournal>().DisposeAsync();
            Assert.Equal((LogLevel.Error, "HealthzRecordFailed reason=permission failed=record pending=0 lost=3"), probe.Failures()[^1]);
        }
    }

    [Fact]
    public async Task A_record_whose_writing_is_cancelled_is_kept()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync();
        var held = new TaskCompletionSource();
        _storage.Fault = request => request.IsAppend ? StorageFault.Delay(held.Task) : null;
        using var stop = new CancellationTokenSource();
        probe.PassTime();
        _storage.Clear();
        var recording = probe.Get<Recorder>().RecordAsync(late: false, "test", stop.Token);
        await Deadline.UntilAsync("it appends", () => _storage.Requests.Count > 0);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => recording);
        held.SetResult();
        _storage.Fault = null;
        await probe.TickAsync();

        Assert.Equal(["12:01", "12:02", "12:03"], await probe.TicksAsync(Records.Day));
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task On_the_first_tick_of_a_day_what_is_too_old_goes()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__History__RetentionDays=30");
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        foreach (var days in new[] { 28, 29, 30, 31, 398, 399, 400, 401 })
        {
            var day = Records.Day.AddDays(-days);
            _storage.Put($"records/{day:yyyy'/'MM'/'dd}.jsonl", "");
            _storage.Put(HistoryNames.Rollup(day), "{}");
        }

        await probe.TickAsync(3);
        Assert.Contains("2025/10/18", Days("records/"));
        await probe.TickAsync(3);

        Assert.Equal(["2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"], Days("records/"));
        Assert.Equal(
            ["2025/10/19", "2025/10/20", "2026/10/22", "2026/10/23", "2026/10/24", "2026/10/25", "2026/11/22", "2026/11/23"],
            Days("rollups/"));
        Assert.Empty(probe.Events("HealthzRetentionFailed", "HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_storage_that_forbids_deletion_is_told_of_once_a_day_and_records()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__Schedule=0 0 */6 * * *");
        _storage.Fault = request => request.Method == "DELETE" ? StorageFault.Refuse(403, "AuthorizationPermissionMismatch") : null;
        _storage.Put("records/2026/01/01.jsonl", "");

        await probe.TickAsync(12);

        Assert.Equal(Enumerable.Repeat("HealthzRetentionFailed reason=permission", 4), probe.Events("HealthzRetentionFailed"));
        Assert.Empty(probe.Failures());
        Assert.Equal(12, probe.Events("HealthzRunRecorded").Count);
        Assert.Equal(4, await probe.RolledUpAsync(Records.Day.AddDays(2)));
    }

    [Fact]
    public async Task Deleting_that_takes_too_long_is_no_failed_record()
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, "Healthz__Schedule=0 0 */12 * * *");
        await probe.TickAsync();
        _storage.Put("records/2026/01/01.jsonl", "");
        var held = new TaskCompletionSource();
        _storage.Fault = request => request.Method == "DELETE" ? StorageFault.Delay(held.Task) : null;
        await probe.TickAsync();
        probe.PassTime();
        var recording = probe.RecordAsync();
        await Deadline.UntilAsync("it deletes", () => _storage.Requests.Any(request => request.Method == "DELETE"));
        await Deadline.UntilAsync("it gives up", () =>
        {
            probe.Time.Advance(TimeSpan.FromSeconds(1));
            return recording.IsCompleted;
        });
        await recording;
        held.SetResult();

        Assert.Equal(["HealthzRetentionFailed reason=timeout"], probe.Events("HealthzRetentionFailed").Distinct());
        Assert.Empty(probe.Failures());
    }

    private static int CallsOfLastTick(RecordedProbe probe) =>
        int.Parse(probe.Events("HealthzRunRecorded")[^1].Split("calls=")[1], CultureInfo.InvariantCulture);

    private static int Lines(string log) => log.Count(character => character == '\n');

    private IReadOnlyList<string> Days(string prefix) =>
        [.. _storage.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..(prefix.Length + 10)])];

    private IReadOnlyList<string> Asked() => [.. _storage.Requests.Select(request => $"{request}")];
}
