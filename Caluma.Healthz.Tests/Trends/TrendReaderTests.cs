using System.Text.Json;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

public sealed class TrendReaderTests
{
    /// <summary>The state, and the two lists of what there is.</summary>
    private const int WarmCalls = 3;

    private static readonly DateTimeOffset _start = new(2026, 10, 20, 7, 12, 30, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <remarks>
    /// All that can happen: failures, a maintenance, a gap, and a target that is there only since the middle of an hour. A month of it, or
    /// less where the schedule makes many records.
    /// </remarks>
    [Theory]
    [InlineData("0 */5 * * * *", 33)]
    [InlineData("0 * * * * *", 9)]
    [InlineData("*/5 * * * * *", 2)]
    public async Task Whatever_is_said_is_what_the_raw_records_say(string schedule, int days)
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
            AssertSays(expected, await history.TrendAsync(days: 40), days: 40, what);
            AssertSays(expected, await history.TrendAsync(days: 2), days: 2, what);
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
    public async Task Of_nothing_there_is_nothing_to_say()
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
    public async Task A_target_that_is_no_longer_checked_has_a_past_and_no_verdict()
    {
        await using var history = WrittenHistory.Create(_start.AddHours(2));
        await history.WriteAsync(history.Run(_start, _start.AddHours(1), _ => [Passed("default"), Failed("old")]));
        Assert.False((await history.TrendAsync()).Ok);

        await history.WriteAsync(history.Run(_start.AddHours(1), _start.AddHours(2), _ => [Passed("default")]));
        var report = await history.TrendAsync();

        Assert.True(report.Ok);
        var old = report.Checks.Single(check => check.Target == "old");
        Assert.Equal((null, null, null), (old.Ok, old.Reason, old.Since));
        Assert.Equal((60, 60, 60), (old.Window("1d").Runs, old.Window("1d").Failed, old.Window("1d").Missing));
    }

    [Fact]
    public async Task With_nothing_but_maintenance_it_is_neither_well_nor_ill()
    {
        await using var history = WrittenHistory.Create(
            _start.AddHours(1), $"Healthz__Maintenance__0={_start:s}Z/{_start.AddHours(1):s}Z");
        await history.WriteAsync(history.Run(_start, _start.AddHours(1), _ => [Failed("default")]));

        var report = await history.TrendAsync();

        Assert.Equal((null, false), (report.Ok, report.Stale));
        Assert.Equal((0, 60, null),
            (report.Checks[0].Window("1d").Runs, report.Checks[0].Window("1d").Excluded, report.Checks[0].Window("1d").Availability));
    }

    [Fact]
    public async Task It_is_stale_from_the_third_missing_run_to_the_next_record()
    {
        await using var history = WrittenHistory.Create(_start);
        var last = new DateTimeOffset(2026, 10, 20, 8, 0, 0, TimeSpan.Zero);
        await history.WriteAsync(history.Run(_start, last.AddTicks(1), _ => [Passed("default")]));

        // A run has 20 s until it counts as missing: its timeout, and what it takes to record it.
        foreach (var (after, stale) in new[] { (0, false), (60, false), (150, false), (200, false), (201, true), (10_000, true) })
        {
            history.Time.SetUtcNow(last.AddSeconds(after));
            var report = await history.TrendAsync();
            Assert.Equal(
                (stale, stale ? "missing-data" : ""), (report.Stale, string.Join(',', report.Alerts.Select(alert => alert.Rule.Name()))));
        }

        await history.WriteAsync(history.Run(last.AddSeconds(10_000), last.AddSeconds(10_030), _ => [Passed("default")]));
        history.Time.SetUtcNow(last.AddSeconds(10_030));

        // The alert stays open for another run, so that it does not flap.
        Assert.False((await history.TrendAsync()).Stale);
        Assert.Equal(AlertRule.MissingData, Assert.Single((await history.TrendAsync()).Alerts).Rule);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("null", 1)]
    [InlineData("""{"v":1,"day":"2026-10-20","hours":[{"hour":24,"expected":60,"ticks":1}]}""", 1)]
    [InlineData("""{"v":1,"day":"2026-10-19","hours":[]}""", 1)]
    public async Task A_rollup_that_is_lost_or_broken_is_made_anew_from_the_records_and_not_written(string? content, int warnings)
    {
        await using var history = await MonthAsync(days: 4);
        var expected = await JsonAsync(history);
        var lost = HistoryNames.Rollup(DateOnly.FromDateTime(_start.UtcDateTime));
        await ReplaceAsync(history, lost, content);
        await using var other = history.Again();

        Assert.Equal(expected, await JsonAsync(other));
        Assert.Equal(Enumerable.Repeat($"HealthzRollupRebuilt blob={lost}", warnings), other.Warnings());
        Assert.Equal(content is not null, await history.Storage.ListAsync(lost, Cancel).AnyAsync(Cancel));
    }

    /// <remarks>As Azurite archives it: it is listed, and answers 409 BlobArchived.</remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rollup_that_is_archived_is_made_anew_from_the_records_or_else_its_day_is_told_as_not_readable(bool hasRecords)
    {
        await using var history = await MonthAsync(days: 6);
        var expected = await history.TrendAsync();
        var day = DateOnly.FromDateTime(_start.UtcDateTime).AddDays(2);
        await history.ArchiveAsync(HistoryNames.Rollup(day));
        if (!hasRecords)
        {
            await history.DeleteAsync(HistoryNames.Log(day, 0));
        }

        await using var other = history.Again();
        for (var reading = 0; reading < 2; reading++)
        {
            var report = await other.TrendAsync();

            Assert.Equal(hasRecords ? null : [day], report.UnreadableDays);
            foreach (var (check, told) in expected.Checks.Zip(report.Checks))
            {
                Assert.Equal(
                    check.Days.Select(period => hasRecords
                        || DateOnly.FromDateTime(period.Start.UtcDateTime) != day ? period : PeriodTrend.Of(period.Start, null, 0)),
                    told.Days);
            }
        }

        Assert.Equal(hasRecords, !(await JsonAsync(other)).Contains("unreadableDays", StringComparison.Ordinal));
        Assert.Contains($"HealthzHistoryUnreadable reason=protocol blob={HistoryNames.Rollup(day)}", other.Warnings());
    }

    [Fact]
    public async Task A_day_whose_rollup_and_records_are_archived_is_told_as_not_readable()
    {
        await using var history = await MonthAsync(days: 6);
        var day = DateOnly.FromDateTime(_start.UtcDateTime).AddDays(2);
        await history.ArchiveAsync(HistoryNames.Rollup(day));
        await history.DeleteAsync(HistoryNames.Log(day, 0));
        await history.OverwriteAsync(HistoryNames.Log(day, 0), "{}");
        await history.ArchiveAsync(HistoryNames.Log(day, 0));
        await using var other = history.Again();

        Assert.Equal([day], (await other.TrendAsync()).UnreadableDays);
        Assert.Null((await other.TrendAsync(days: 1)).UnreadableDays);
    }

    [Theory]
    [InlineData(TrendState.BlobName)]
    [InlineData(TrendState.BlobName, LatestRun.BlobName)]
    [InlineData(LatestRun.BlobName)]
    public async Task A_state_that_is_archived_takes_no_days_with_it(params string[] names)
    {
        await using var history = await MonthAsync(days: 4);
        var expected = await history.TrendAsync();
        foreach (var name in names)
        {
            await history.ArchiveAsync(name);
        }

        var report = await history.TrendAsync();

        Assert.Equal(
            expected.Checks.Select(check => check.Days.Skip(1).SkipLast(1)), report.Checks.Select(check => check.Days.Skip(1).SkipLast(1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task Without_a_state_long_windows_days_and_what_was_true_at_last_are_still_told(string? content)
    {
        await using var history = await MonthAsync(days: 4);
        await history.WriteAsync(
            history.Run(history.Time.GetUtcNow(), history.Time.GetUtcNow().AddMinutes(20), _ => [Passed("default"), Failed("other")]));
        history.Time.Advance(TimeSpan.FromMinutes(20));
        var expected = await history.TrendAsync();
        Assert.NotEmpty(expected.Alerts);
        await ReplaceAsync(history, TrendState.BlobName, content);

        var report = await history.TrendAsync();

        Assert.Equal((expected.Newest, expected.Stale, false), (report.Newest, report.Stale, report.Ok));
        Assert.Equal(expected.Alerts, report.Alerts);
        foreach (var (check, told) in expected.Checks.Zip(report.Checks))
        {
            Assert.Equal((check.Target, check.Ok, check.Reason), (told.Target, told.Ok, told.Reason));
            Assert.Equal(check.Windows.Where(IsLong).Select(WithoutAge), told.Windows.Where(IsLong).Select(WithoutAge));
            Assert.Equal(check.Days.Skip(1), told.Days.Skip(1));

            // Nothing is made up of what only the state knew.
            Assert.Equal(Enumerable.Repeat((1, 0), 5), told.Windows.Where(window => !IsLong(window))
                .Select(window => (window.Runs, window.Missing)));
        }

        static bool IsLong(WindowTrend window) => window.Window.EndsWith('d');

        // Without the state, the beginning of a history is known to the hour.
        static WindowTrend WithoutAge(WindowTrend window) => window with { Missing = 0, BurnRate = null, BudgetLeft = null };
    }

    [Fact]
    public async Task Without_state_and_newest_run_long_windows_and_days_are_still_told()
    {
        await using var history = await MonthAsync(days: 4);
        var expected = await history.TrendAsync();
        await history.DeleteAsync(TrendState.BlobName);
        await history.DeleteAsync(LatestRun.BlobName);

        var report = await history.TrendAsync();

        Assert.Equal((null, null), (report.Newest, report.Ok));
        Assert.Equal(expected.Checks[0].Window("3d"), report.Checks[0].Window("3d"));
        Assert.Equal(expected.Checks[0].Days.Skip(1), report.Checks[0].Days.Skip(1));
    }

    [Fact]
    public async Task A_day_is_read_again_where_its_rollup_has_changed()
    {
        await using var history = await MonthAsync(days: 33);
        var now = history.Time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);

        // In two months: what there is of each is listed. There is no document that sums days up.
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

        // Past midnight the windows begin on other days: the hours of three of them are to be known.
        history.Time.SetUtcNow(now.AddDays(1));
        Assert.Equal(WarmCalls + 2 + 3, await CallsAsync(history));
        Assert.Equal(WarmCalls, await CallsAsync(history));
    }

    [Fact]
    public async Task A_clock_that_goes_back_changes_nothing()
    {
        await using var history = await MonthAsync(days: 12);
        var now = history.Time.GetUtcNow();
        await using var other = history.Again();
        await other.TrendAsync(days: 60);

        history.Time.AdjustTime(now.AddDays(-6));
        Assert.Equal((await history.TrendAsync()).Checks[0].Days, (await other.TrendAsync()).Checks[0].Days);
        history.Time.SetUtcNow(now);
        Assert.Equal((await history.TrendAsync()).Checks[0].Days, (await other.TrendAsync()).Checks[0].Days);
    }

    /// <remarks>The state, two years of what there is twice, 13 documents, and the days on which a window begins or ends.</remarks>
    [Theory]
    [InlineData(true, 1 + (2 * 2) + 13 + 5)]
    [InlineData(false, 1 + (2 * 2) + 13 + 365)]
    public async Task A_year_is_read_from_a_dozen_documents_or_else_from_its_rollups(bool isSummedUp, int calls)
    {
        await using var history = WrittenHistory.Create(_start.AddDays(370), "Healthz__Schedule=0 0 */6 * * *");
        await history.WriteAsync(history.Run(_start, _start.AddDays(370), _ => [Passed("default")]), intoLog: false);
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
    public async Task What_it_costs_does_not_depend_on_the_schedule()
    {
        var costs = new List<(long Calls, long WarmCalls, long Bytes)>();
        foreach (var schedule in new[] { "0 * * * * *", "*/5 * * * * *" })
        {
            var random = new Random(1);
            await using var history = WrittenHistory.Create(_start.AddDays(3), $"Healthz__Schedule={schedule}");
            await history.WriteAsync(
                history.Run(_start, _start.AddDays(3), _ => [Passed("default", 5 * (1 + Math.Pow(random.NextDouble(), 4)))]));
            costs.Add((await CallsAsync(history), await CallsAsync(history),
                await history.SizeAsync("rollups/") + await history.SizeAsync("alerts/")));
        }

        Assert.Equal((costs[0].Calls, costs[0].WarmCalls), (costs[1].Calls, costs[1].WarmCalls));
        Assert.InRange((double)costs[1].Bytes / costs[0].Bytes, 0.5, 2);
    }

    [Fact]
    public async Task Whoever_does_not_want_to_know_any_more_is_not_told()
    {
        await using var history = await MonthAsync(days: 2);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => history.Reader.ReadAsync(30, new CancellationToken(canceled: true)));
    }

    /// <summary>A history of a run every 5 min, up to now.</summary>
    private static async Task<WrittenHistory> MonthAsync(int days)
    {
        var end = _start.AddDays(days);
        var history = WrittenHistory.Create(end, "Healthz__Schedule=0 */5 * * * *");
        await history.WriteAsync(history.Run(_start, end, tick => [Passed("default", 4 + (tick.Hour / 10.0)), Passed("other")]));
        return history;
    }

    private static CheckRecord Passed(string target, double ms = 5) => new(Check.Databases, target, Ok: true, Math.Round(ms, 2));

    private static CheckRecord Failed(string target) => new(Check.Databases, target, Ok: false, 5000, Reason.Timeout);

    private static async Task<string> JsonAsync(WrittenHistory history) =>
        JsonSerializer.Serialize(await history.TrendAsync(), TrendsJson.Default.TrendReport);

    private static async Task<long> CallsAsync(WrittenHistory history, int days = 30)
    {
        var before = history.Storage.Calls;
        await history.TrendAsync(days);
        return history.Storage.Calls - before;
    }

    private static Task ReplaceAsync(WrittenHistory history, string name, string? content) =>
        content is null ? history.DeleteAsync(name) : history.OverwriteAsync(name, content);

    private static void AssertSays(BruteForce expected, TrendReport report, int days, string what)
    {
        Assert.Equal(expected.Series, report.Checks.Select(check => new Series(check.Check, check.Target)));
        foreach (var (series, check) in expected.Series.Zip(report.Checks))
        {
            Assert.Equal(
                expected.Windows(series).Zip(check.Windows, Near).Select(window => $"{what}, {series}: {window}"),
                check.Windows.Select(window => $"{what}, {series}: {window}"));
            Assert.Equal(
                Near(expected.Days(series, days), check.Days).Select(day => $"{what}, {series}: {day}"),
                check.Days.Select(day => $"{what}, {series}: {day}"));
            Assert.Equal(
                Near(expected.Hours(series), check.Hours).Select(hour => $"{what}, {series}: {hour}"),
                check.Hours.Select(hour => $"{what}, {series}: {hour}"));
        }
    }

    /// <summary>What is expected, but for numbers that are near enough.</summary>
    private static WindowTrend Near(WindowTrend expected, WindowTrend actual) => expected with
    {
        Availability = Near(expected.Availability, actual.Availability, 0.0001),
        BurnRate = Near(expected.BurnRate, actual.BurnRate, 0.0001),
        BudgetLeft = Near(expected.BudgetLeft, actual.BudgetLeft, 0.0001),
        P50 = NearQuantile(expected.P50, actual.P50),
        P95 = NearQuantile(expected.P95, actual.P95),
        P99 = NearQuantile(expected.P99, actual.P99),
    };

    private static IEnumerable<PeriodTrend> Near(IEnumerable<PeriodTrend> expected, IReadOnlyList<PeriodTrend> actual) =>
        expected.Select((period, index) => index >= actual.Count ? period : period with
        {
            P50 = NearQuantile(period.P50, actual[index].P50),
            P95 = NearQuantile(period.P95, actual[index].P95),
        });

    /// <summary>The 1 % of the histogram, and two decimals.</summary>
    private static double? NearQuantile(double? expected, double? actual) => Near(expected, actual, (expected * 0.01 ?? 0) + 0.005);

    private static double? Near(double? expected, double? actual, double tolerance) =>
        Math.Abs((expected - actual) ?? double.NaN) <= tolerance ? actual : expected;
}
