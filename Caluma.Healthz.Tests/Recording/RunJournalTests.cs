using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
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
    public async Task A_tick_costs_four_requests_on_any_schedule(string schedule)
    {
        await using var probe = RecordedProbe.StartOn(_storage, time: null, $"Healthz__Schedule={schedule}");
        await probe.TickAsync(3);
        for (var tick = 0; tick < 20; tick++)
        {
            // Alerts cost no further requests.
            probe.Fails = tick % 10 > 4 ? Reason.Timeout : null;
            _storage.Clear();

            await probe.TickAsync();

            Assert.Equal(_warmTick, Asked());
            Assert.Equal(4, CallsOfLastTick(probe));
        }

        Assert.NotEmpty(probe.Alerts());
    }

    /// <remarks>latest.json shows whether the process before has announced its changes.</remarks>
    [Fact]
    public async Task The_first_tick_of_a_process_costs_seven_requests()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(3);
        _storage.Clear();

        await using var again = probe.Again();
        await again.TickAsync();

        Assert.Equal(
            [$"PUT {Log} appendblock", "GET alerts/state.json", "GET latest.json", "PUT alerts/state.json",
                "PUT latest.json", $"GET {Rollup}", $"PUT {Rollup}"], Asked());
        Assert.Equal(7, CallsOfLastTick(again));
    }

    [Fact]
    public async Task The_first_tick_of_a_history_creates_the_container_and_the_log()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        _storage.Remove();

        await probe.TickAsync();

        // Without a state: the rollups of 60 days in three months, and the days of the log.
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
    public async Task A_storage_that_is_down_at_the_start_loses_nothing()
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

    /// <remarks>The process that creates the rollup of the new day completes that of the old one, and none does so again.</remarks>
    [Fact]
    public async Task A_record_that_came_after_its_day_is_rolled_up_although_that_failed_several_times()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await using var other = probe.Again();
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(4);
        await other.RecordAsync();
        _storage.Fault = _forbid;
        await other.TickAsync();
        _storage.Fault = null;
        await probe.TickAsync();

        _storage.Fault = request => request.Writes(Rollup) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await other.RecordAsync();
        await other.TickAsync();
        _storage.Fault = null;
        await other.TickAsync();

        Assert.Equal(["23:55", "23:56", "23:57", "23:58", "23:58", "23:59"], await probe.TicksAsync(Records.Day));
        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
    }

    [Theory]
    [InlineData(nameof(StorageFault.LoseAnswer))]
    [InlineData(nameof(StorageFault.Cut))]
    public async Task An_append_without_any_answer_counts_once(string fault)
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

        // The first try and two retries, then again with the next record.
        Assert.Equal(fault == nameof(StorageFault.Cut) ? 6 : 9, Lines(await probe.ReadAsync(Log)));
        Assert.Equal(6, (await probe.RecordsAsync(Records.Day)).Count);
        var hour = Assert.Single((await probe.RollupAsync(Records.Day)).Hours);
        Assert.Equal((6, 3), (hour.Ticks, hour.Series[0].Reasons[Reason.Timeout]));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        var open = (await probe.StateAsync()).Open.Single(alert => alert.Rule == AlertRule.Unavailable);
        Assert.Equal((Records.Noon.AddMinutes(3), Records.Noon.AddMinutes(5)), (open.Since, open.Triggered));
    }

    [Fact]
    public async Task An_append_that_lands_twice_counts_once()
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
    public async Task A_full_part_is_followed_by_the_next_one(string what)
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

    /// <remarks>As if an operator held a lease on it.</remarks>
    [Theory]
    [InlineData(TrendState.BlobName, "alerts")]
    [InlineData(LatestRun.BlobName, "alerts")]
    [InlineData(Rollup, "rollups")]
    public async Task A_document_that_cannot_be_written_is_named_and_does_not_stop_the_others(string name, string failed)
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

    private static int CallsOfLastTick(RecordedProbe probe) =>
        int.Parse(probe.Events("HealthzRunRecorded")[^1].Split("calls=")[1], CultureInfo.InvariantCulture);

    private static int Lines(string log) => log.Count(character => character == '\n');

    private IReadOnlyList<string> Asked() => [.. _storage.Requests.Select(request => $"{request}")];
}
