using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

public sealed class RollupUpdaterTests
{
    private const string Log = "records/2026/11/22.jsonl";
    private const string Rollup = "rollups/2026/11/22.json";

    private static readonly StorageFault _forbid = StorageFault.Refuse(403, "AuthorizationFailure");

    private readonly MemoryHistoryStorage _storage = new();

    [Theory]
    [InlineData("rubbish", true)]
    [InlineData("{\"v\":1,\"day\":\"2026-11-21\",\"part\":0,\"offset\":0,\"hours\":[],\"seen\":{\"instances\":{}}}", true)]
    [InlineData(null, false)] // The rollup was deleted.
    public async Task A_lost_rollup_is_computed_from_the_records(string? content, bool isTold)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(3);
        _storage.Delete(Rollup);
        if (content is not null)
        {
            _storage.Put(Rollup, content);
        }

        await probe.TickAsync();
        Assert.Equal(4, await probe.RolledUpAsync(Records.Day));

        await using var again = probe.Again();
        await again.TickAsync(2);
        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(isTold ? [$"HealthzRollupRebuilt blob={Rollup}"] : [], probe.Events("HealthzRollupRebuilt"));
        Assert.Empty(again.Events("HealthzRollupRebuilt", "HealthzRecordFailed"));
    }

    [Theory]
    [InlineData("rollups/2026/11/22.json")]
    [InlineData("latest.json")]
    [InlineData("alerts/state.json")]
    public async Task A_rollup_that_lags_catches_up_at_the_next_tick(string blob)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(blob) ? _forbid : null;
        await probe.TickAsync(2);
        // Late records do not affect others.
        Assert.Equal(blob == Rollup ? 2 : 4, await probe.RolledUpAsync(Records.Day));
        _storage.Fault = null;

        // Another process, as after a kill.
        await using var next = probe.Again();
        await next.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal((await probe.ReadAsync(Log)).Length, (await probe.RollupAsync(Records.Day)).Offset);
    }

    [Fact]
    public async Task The_last_records_of_a_day_are_rolled_up_on_the_first_tick_of_the_next()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(Rollup) ? _forbid : null;
        await probe.TickAsync(3);
        _storage.Fault = null;
        Assert.Equal(2, await probe.RolledUpAsync(Records.Day));

        await using var next = probe.Again();
        await next.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(1, await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    /// <remarks>The first tick of a day may fail at each of its steps, and end the process.</remarks>
    [Theory]
    [InlineData("PUT alerts/state.json", false)]
    [InlineData("PUT alerts/state.json", true)]
    [InlineData("PUT latest.json", false)]
    [InlineData("PUT latest.json", true)]
    [InlineData("GET rollups/2026/11/22.json", false)]
    [InlineData("GET rollups/2026/11/22.json", true)]
    [InlineData("PUT rollups/2026/11/22.json", false)]
    [InlineData("PUT rollups/2026/11/22.json", true)]
    [InlineData("GET rollups/2026/11/23.json", true)]
    [InlineData("PUT rollups/2026/11/23.json", true)]
    public async Task The_last_records_of_a_day_are_rolled_up_although_that_tick_failed(string step, bool isRestarted)
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(Rollup) ? _forbid : null;
        await probe.TickAsync(3);
        await using var second = probe.Again();
        _storage.Fault = request => $"{request}" == step ? _forbid : null;
        await second.TickAsync();
        _storage.Fault = null;

        await using var third = probe.Again();
        await (isRestarted ? third : second).TickAsync(2);

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(3, await probe.RolledUpAsync(Records.Day.AddDays(1)));
    }

    [Fact]
    public async Task A_day_that_ended_without_a_process_is_rolled_up_by_the_next_one()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        _storage.Fault = request => request.Writes(Rollup) ? _forbid : null;
        await probe.TickAsync(3);
        _storage.Fault = null;
        probe.Time.Advance(TimeSpan.FromDays(50));

        await using var next = probe.Again();
        await next.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
    }

    /// <remarks>Of a process whose clock is behind, or which has kept records while the storage was away.</remarks>
    [Fact]
    public async Task Records_that_come_after_their_day_are_rolled_up_although_their_process_was_killed()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(5);
        probe.Time.Advance(TimeSpan.FromHours(12));
        await probe.TickAsync();
        var late = Records.Noon.AddHours(11);
        _storage.Append(Log, Line(late));
        _storage.Append("records/2026/11/20.jsonl", Line(late.AddDays(-2)));
        probe.Time.Advance(TimeSpan.FromDays(1));

        await probe.TickAsync();

        Assert.Equal(6, await probe.RolledUpAsync(Records.Day));
        Assert.Equal(1, await probe.RolledUpAsync(Records.Day.AddDays(-2)));

        static string Line(DateTimeOffset tick) => RecordFormat.JsonLines.Text(Records.At(tick));
    }

    [Fact]
    public async Task A_concurrent_write_of_a_rollup_is_merged()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await using var other = probe.Again();
        for (var turn = 0; turn < 5; turn++)
        {
            await probe.TickAsync();
            await other.RecordAsync();
            await other.TickAsync();
        }

        Assert.Equal(15, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Equal(15, await probe.RolledUpAsync(Records.Day));
        Assert.Empty(probe.Events("HealthzRecordFailed"));
        Assert.Empty(other.Events("HealthzRecordFailed"));
    }

    [Fact]
    public async Task A_write_without_a_confirmation_counts_each_record_once()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(2);
        var left = 3;
        _storage.Fault = request => request.Writes(Rollup) && Interlocked.Decrement(ref left) >= 0 ? StorageFault.LoseAnswer : null;

        await probe.TickAsync(2);

        Assert.Equal(4, await probe.RolledUpAsync(Records.Day));
    }

    [Fact]
    public async Task A_log_that_breaks_off_is_read_again()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        await probe.TickAsync(20);
        _storage.Delete(Rollup);
        await using var next = probe.Again();
        var asked = 0;
        _storage.Fault = request =>
            !request.Reads(Log) ? null : Interlocked.Increment(ref asked) == 1 ? StorageFault.CutAnswerAfter(3000) : StorageFault.Cut;
        await next.TickAsync();
        Assert.Single(next.Events("HealthzRecordFailed"));
        _storage.Fault = null;

        await next.TickAsync();

        Assert.Equal(22, await probe.RolledUpAsync(Records.Day));
        Assert.Empty(next.Events("HealthzRecordsUnreadable"));
    }

    /// <remarks>
    /// A part that refused appends for a while gets records of another process, which stops before it has rolled them up.
    /// </remarks>
    [Fact]
    public async Task Records_that_come_to_an_earlier_part_later_count()
    {
        await using var probe = RecordedProbe.StartOn(_storage);
        probe.Time.Advance(TimeSpan.FromHours(11.9));
        await probe.TickAsync();
        _storage.Hold(Log);
        await probe.TickAsync();
        _storage.Release(Log);
        await using (var killed = probe.Again())
        {
            _storage.Fault = request => request.Writes(TrendState.BlobName) ? _forbid : null;
            await killed.TickAsync();
            _storage.Fault = null;
        }

        await probe.TickAsync(2);
        Assert.Equal(["23:55", "23:57", "23:56", "23:58", "23:59"], await probe.TicksAsync(Records.Day));

        // At the latest after the end of the day.
        await probe.TickAsync();

        Assert.Equal(5, await probe.RolledUpAsync(Records.Day));
    }
}
