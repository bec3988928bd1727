using System.Text.Json;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Trends over a history of which documents are lost, broken or archived.</summary>
public sealed class UnreadableHistoryTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 1)]
    [InlineData("{", 1)]
    [InlineData("null", 1)]
    [InlineData("""{"v":1,"day":"2026-10-20","hours":[{"hour":24,"expected":60,"ticks":1}]}""", 1)]
    [InlineData("""{"v":1,"day":"2026-10-19","hours":[]}""", 1)]
    public async Task A_lost_or_broken_rollup_is_computed_from_the_records_and_not_written(string? content, int warnings)
    {
        await using var history = await TrendHistories.MonthAsync(days: 4);
        var expected = await JsonAsync(history);
        var lost = HistoryNames.Rollup(DateOnly.FromDateTime(TrendHistories.Start.UtcDateTime));
        await ReplaceAsync(history, lost, content);
        await using var other = history.Again();

        Assert.Equal(expected, await JsonAsync(other));
        Assert.Equal(Enumerable.Repeat($"HealthzRollupRebuilt blob={lost}", warnings), other.Warnings());
        Assert.Equal(content is not null, await history.Storage.ListAsync(lost, Cancel).AnyAsync(Cancel));
    }

    /// <remarks>An archived blob is listed, and reading it answers 409 BlobArchived.</remarks>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_archived_rollup_is_computed_from_the_records_or_else_its_day_is_reported_as_unreadable(bool hasRecords)
    {
        await using var history = await TrendHistories.MonthAsync(days: 6);
        var expected = await history.TrendAsync();
        var day = DateOnly.FromDateTime(TrendHistories.Start.UtcDateTime).AddDays(2);
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
    public async Task A_day_with_archived_rollup_and_records_is_reported_as_unreadable()
    {
        await using var history = await TrendHistories.MonthAsync(days: 6);
        var day = DateOnly.FromDateTime(TrendHistories.Start.UtcDateTime).AddDays(2);
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
    public async Task An_archived_state_does_not_hide_days(params string[] names)
    {
        await using var history = await TrendHistories.MonthAsync(days: 4);
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
    public async Task Without_a_state_long_windows_days_and_the_last_verdicts_are_still_there(string? content)
    {
        await using var history = await TrendHistories.MonthAsync(days: 4);
        await history.WriteAsync(
            history.Run(
                history.Time.GetUtcNow(),
                history.Time.GetUtcNow().AddMinutes(20),
                _ => [TrendHistories.Passed("default"), TrendHistories.Failed("other")]));
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

            // Data that only the state had are missing.
            Assert.Equal(Enumerable.Repeat((1, 0), 5), told.Windows.Where(window => !IsLong(window))
                .Select(window => (window.Runs, window.Missing)));
        }

        static bool IsLong(WindowTrend window) => window.Window.EndsWith('d');

        // Without the state the beginning of a history is known to the hour.
        static WindowTrend WithoutAge(WindowTrend window) => window with { Missing = 0, BurnRate = null, BudgetLeft = null };
    }

    [Fact]
    public async Task Without_state_and_newest_run_long_windows_and_days_are_still_there()
    {
        await using var history = await TrendHistories.MonthAsync(days: 4);
        var expected = await history.TrendAsync();
        await history.DeleteAsync(TrendState.BlobName);
        await history.DeleteAsync(LatestRun.BlobName);

        var report = await history.TrendAsync();

        Assert.Equal((null, null), (report.Newest, report.Ok));
        Assert.Equal(expected.Checks[0].Window("3d"), report.Checks[0].Window("3d"));
        Assert.Equal(expected.Checks[0].Days.Skip(1), report.Checks[0].Days.Skip(1));
    }

    private static async Task<string> JsonAsync(WrittenHistory history) =>
        JsonSerializer.Serialize(await history.TrendAsync(), TrendsJson.Default.TrendReport);

    private static Task ReplaceAsync(WrittenHistory history, string name, string? content) =>
        content is null ? history.DeleteAsync(name) : history.OverwriteAsync(name, content);
}
