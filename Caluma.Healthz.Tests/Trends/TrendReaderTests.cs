using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

public sealed class TrendReaderTests
{
    /// <summary>The state and two lists.</summary>
    private const int WarmCalls = 3;

    private static readonly DateTimeOffset _start = TrendHistories.Start;

    /// <remarks>
    /// Failures, maintenance, a gap, and a target that exists since the middle of an hour, over a month, or less for a dense schedule.
    /// </remarks>
    [Theory]
    [InlineData("0 */5 * * * *", 33)]
    [InlineData("0 * * * * *", 4)]
    [InlineData("*/15 * * * * *", 2)]
    public async Task A_trend_equals_one_computed_from_the_raw_records(string schedule, int days)
    {
        var today = _start.AddDays(days - 1).AddHours(6);
        var (gapStart, gapEnd) = (today.AddHours(3.1), today.AddHours(4.9));
        var added = today.AddHours(-9.3);
        await using var history = WrittenHistory.Create(
            _start, $"Healthz__Schedule={schedule}", $"Healthz__Maintenance__0={today.AddHours(-4):s}Z/{today.AddHours(-2.5):s}Z");
        var random = new Random(1);
        DateTimeOffset written = _start;
        foreach (var (what, now) in new[]
        {
            ("in the first hour", _start.AddMinutes(21)),
            ("before the first minutes of a day", new DateTimeOffset(_start.Year, _start.Month, _start.Day, 23, 59, 58, TimeSpan.Zero)),
            ("in the first minutes of a day", new DateTimeOffset(today.Year, today.Month, today.Day, 0, 2, 17, TimeSpan.Zero)),
            ("at the start of an hour", new DateTimeOffset(today.Year, today.Month, today.Day, 9, 0, 0, TimeSpan.Zero)),
            ("just after a tick", new DateTimeOffset(today.Year, today.Month, today.Day, 11, 25, 1, TimeSpan.Zero)),
            ("in the middle of an hour", today.AddHours(1.4)),
            ("before a gap counts as one", gapStart.AddSeconds(8)),
            ("in a gap", gapStart.AddMinutes(40)),
            ("after a gap", gapEnd.AddMinutes(12)),
            ("a day later", gapEnd.AddDays(1)),
        })
        {
            await history.WriteAsync(history.Run(written, now, tick => tick >= gapStart && tick < gapEnd ? null : Found(tick)));
            written = now > written ? now : written;
            history.Time.SetUtcNow(now);

            var expected = new BruteForce(history.Records, history.Options, now);
            TrendAssert.Equal(expected, await history.TrendAsync(days: 40), days: 40, what);
            TrendAssert.Equal(expected, await history.TrendAsync(days: 2), days: 2, what);
        }

        List<CheckRecord> Found(DateTimeOffset tick)
        {
            List<CheckRecord> found =
            [
                Check(Healthz.Check.Caches, "default", tick, failing: 0.002, ms: 1.1),
                Check(Healthz.Check.Databases, "default", tick, failing: tick.Hour == 5 ? 0.3 : 0.001, ms: 6.5),
            ];
            if (tick >= added)
            {
                found.Add(Check(Healthz.Check.Databases, "archive", tick, failing: 0.01, ms: 700));
            }

            return found;
        }

        CheckRecord Check(Check check, string target, DateTimeOffset tick, double failing, double ms) => random.NextDouble() < failing
            ? new CheckRecord(check, target, Ok: false, 5000, Reason.Timeout)
            : new CheckRecord(check, target, Ok: true, Math.Round(ms * (1 + (random.NextDouble() * random.NextDouble() * 9)), 2));
    }

    [Fact]
    public async Task An_empty_history_has_an_empty_trend()
    {
        await using var history = WrittenHistory.Create(_start);

        foreach (var what in new[] { "an empty container", "none" })
        {
            var report = await history.TrendAsync();
            Assert.Equal((null, false, null), (report.Newest, report.Stale, report.Ok));
            Assert.Empty(report.Checks);
            Assert.Empty(report.Alerts);
            await history.RemoveAsync();
        }

        Assert.Empty(history.Warnings());
    }

    [Fact]
    public async Task A_removed_target_has_a_past_and_no_verdict()
    {
        await using var history = WrittenHistory.Create(_start.AddHours(2));
        await history.WriteAsync(
            history.Run(_start, _start.AddHours(1), _ => [TrendHistories.Passed("default"), TrendHistories.Failed("old")]));
        Assert.False((await history.TrendAsync()).Ok);

        await history.WriteAsync(history.Run(_start.AddHours(1), _start.AddHours(2), _ => [TrendHistories.Passed("default")]));
        var report = await history.TrendAsync();

        Assert.True(report.Ok);
        var old = report.Checks.Single(check => check.Target == "old");
        Assert.Equal((null, null, null), (old.Ok, old.Reason, old.Since));
        Assert.Equal((60, 60, 60), (old.Window("1d").Runs, old.Window("1d").Failed, old.Window("1d").Missing));
    }

    [Fact]
    public async Task With_nothing_but_maintenance_there_is_no_verdict()
    {
        await using var history = WrittenHistory.Create(
            _start.AddHours(1), $"Healthz__Maintenance__0={_start:s}Z/{_start.AddHours(1):s}Z");
        await history.WriteAsync(history.Run(_start, _start.AddHours(1), _ => [TrendHistories.Failed("default")]));

        var report = await history.TrendAsync();

        Assert.Equal((null, false), (report.Ok, report.Stale));
        Assert.Equal((0, 60, null),
            (report.Checks[0].Window("1d").Runs, report.Checks[0].Window("1d").Excluded, report.Checks[0].Window("1d").Availability));
    }

    [Fact]
    public async Task A_trend_is_stale_from_the_third_missing_run_to_the_next_record()
    {
        await using var history = WrittenHistory.Create(_start);
        var last = new DateTimeOffset(2026, 10, 20, 8, 0, 0, TimeSpan.Zero);
        await history.WriteAsync(history.Run(_start, last.AddTicks(1), _ => [TrendHistories.Passed("default")]));

        // A run counts as missing after 20 s: its timeout and the time to record it.
        foreach (var (after, stale) in new[] { (0, false), (60, false), (150, false), (200, false), (201, true), (10_000, true) })
        {
            history.Time.SetUtcNow(last.AddSeconds(after));
            var report = await history.TrendAsync();
            Assert.Equal(
                (stale, stale ? "missing-data" : ""), (report.Stale, string.Join(',', report.Alerts.Select(alert => alert.Rule.Name()))));
        }

        await history.WriteAsync(history.Run(last.AddSeconds(10_000), last.AddSeconds(10_030), _ => [TrendHistories.Passed("default")]));
        history.Time.SetUtcNow(last.AddSeconds(10_030));

        // The alert stays open for another run.
        Assert.False((await history.TrendAsync()).Stale);
        Assert.Equal(AlertRule.MissingData, Assert.Single((await history.TrendAsync()).Alerts).Rule);
    }

    [Fact]
    public async Task A_day_is_read_again_when_its_rollup_has_changed()
    {
        await using var history = await TrendHistories.MonthAsync(days: 33);
        var now = history.Time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);

        // Two months, with a list of each. There are no summaries.
        Assert.Equal(1 + (2 * 2) + 1 + 31, await CallsAsync(history));
        Assert.Equal(WarmCalls, await CallsAsync(history));
        Assert.Equal(WarmCalls, await CallsAsync(history, days: 1));
        Assert.Equal(WarmCalls + 2 + 1 + 2, await CallsAsync(history, days: 33));
        Assert.Equal(WarmCalls, await CallsAsync(history, days: 33));

        foreach (var day in new[] { today, today.AddDays(-1), today.AddDays(-3) })
        {
            var empty = $$"""{"v":1,"day":"{{day:yyyy-MM-dd}}","hours":[],"seen":{"instances":{} } }""";
            await history.OverwriteAsync(HistoryNames.Rollup(day), empty);
        }

        var runs = (await history.TrendAsync()).Checks[0].Days.ToDictionary(day => day.Start.Day, day => day.Runs);
        Assert.Equal([0, 0, 288, 0], Enumerable.Range(0, 4).Select(ago => runs[today.AddDays(-ago).Day]));
        Assert.Equal(WarmCalls, await CallsAsync(history));

        // After midnight windows begin on other days, so the hours of three days are read.
        history.Time.SetUtcNow(now.AddDays(1));
        Assert.Equal(WarmCalls + 2 + 3, await CallsAsync(history));
        Assert.Equal(WarmCalls, await CallsAsync(history));
    }

    [Fact]
    public async Task A_clock_that_goes_back_changes_nothing()
    {
        await using var history = await TrendHistories.MonthAsync(days: 12);
        var now = history.Time.GetUtcNow();
        await using var other = history.Again();
        await other.TrendAsync(days: 60);

        history.Time.AdjustTime(now.AddDays(-6));
        Assert.Equal((await history.TrendAsync()).Checks[0].Days, (await other.TrendAsync()).Checks[0].Days);
        history.Time.SetUtcNow(now);
        Assert.Equal((await history.TrendAsync()).Checks[0].Days, (await other.TrendAsync()).Checks[0].Days);
    }

    /// <remarks>The state, two lists of two years each, 13 summaries, and the days on which a window begins or ends.</remarks>
    [Theory]
    [InlineData(true, 1 + (2 * 2) + 13 + 5)]
    [InlineData(false, 1 + (2 * 2) + 13 + 365)]
    public async Task A_year_is_read_from_a_dozen_documents_or_from_its_rollups(bool isSummedUp, int calls)
    {
        await using var history = WrittenHistory.Create(_start.AddDays(370), "Healthz__Schedule=0 0 */6 * * *");
        await history.WriteAsync(history.Run(_start, _start.AddDays(370), _ => [TrendHistories.Passed("default")]), intoLog: false);
        if (isSummedUp)
        {
            await history.SumUpAsync();
        }

        Assert.Equal(calls, await CallsAsync(history, days: 365));
        Assert.Equal(WarmCalls, await CallsAsync(history, days: 365));
        var days = (await history.TrendAsync(days: 365)).Checks[0].Days;
        Assert.Equal(365, days.Count);
        Assert.All(days.SkipLast(1), day => Assert.Equal((4, 0, 0), (day.Runs, day.Failed, day.Missing)));
        Assert.Equal(371, (await history.TrendAsync(days: TrendReader.MaxDays)).Checks[0].Days.Count);
    }

    [Fact]
    public async Task The_cost_does_not_depend_on_the_schedule()
    {
        var costs = new List<(long Calls, long WarmCalls, long Bytes)>();
        foreach (var schedule in new[] { "0 * * * * *", "*/5 * * * * *" })
        {
            var random = new Random(1);
            await using var history = WrittenHistory.Create(_start.AddDays(3), $"Healthz__Schedule={schedule}");
            await history.WriteAsync(history.Run(
                _start, _start.AddDays(3), _ => [TrendHistories.Passed("default", 5 * (1 + Math.Pow(random.NextDouble(), 4)))]));
            costs.Add((await CallsAsync(history), await CallsAsync(history),
                await history.SizeAsync("rollups/") + await history.SizeAsync("alerts/")));
        }

        Assert.Equal((costs[0].Calls, costs[0].WarmCalls), (costs[1].Calls, costs[1].WarmCalls));
        Assert.InRange((double)costs[1].Bytes / costs[0].Bytes, 0.5, 2);
    }

    [Fact]
    public async Task A_cancelled_read_throws()
    {
        await using var history = await TrendHistories.MonthAsync(days: 2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => history.Reader.ReadAsync(30, new CancellationToken(canceled: true)));
    }

    private static async Task<long> CallsAsync(WrittenHistory history, int days = 30)
    {
        var before = history.Storage.Calls;
        await history.TrendAsync(days);
        return history.Storage.Calls - before;
    }
}
