using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>A storage that refuses (403) one log or document takes nothing else of a trend with it.</summary>
public sealed class UnreadableDayTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly DateOnly _day = DateOnly.FromDateTime(_start.UtcDateTime).AddDays(2);

    [Fact]
    public async Task A_day_that_is_refused_is_said_and_the_others_are_shown()
    {
        await using var history = await WrittenAsync();
        var expected = await history.TrendAsync();
        await using var other = Refusing(history, HistoryNames.Rollup(_day), HistoryNames.Log(_day, 0));

        var report = await other.TrendAsync();

        Assert.Equal([_day], report.UnreadableDays);
        Assert.Equal(WithoutDay(expected), WithoutDay(report));
        Assert.Contains($"HealthzHistoryUnreadable reason=permission blob={HistoryNames.Rollup(_day)}", other.Warnings());
    }

    [Fact]
    public async Task A_rollup_that_is_refused_is_made_anew_from_the_records()
    {
        await using var history = await WrittenAsync();
        var expected = await history.TrendAsync();
        await using var other = Refusing(history, HistoryNames.Rollup(_day));

        var report = await other.TrendAsync();

        Assert.Null(report.UnreadableDays);
        Assert.Equal(expected.Checks[0].Days, report.Checks[0].Days);
    }

    [Theory]
    [InlineData(TrendState.BlobName)]
    [InlineData(TrendState.BlobName, LatestRun.BlobName)]
    [InlineData(HistoryNames.RecentSummary)]
    public async Task Another_document_that_is_refused_takes_no_days_with_it(params string[] names)
    {
        await using var history = await WrittenAsync();
        await history.SumUpAsync();
        var expected = await history.TrendAsync();
        await using var other = Refusing(history, names);

        Assert.Equal(
            expected.Checks[0].Days.Skip(1).SkipLast(1).Select(day => (day.Start, day.Runs, day.Failed)),
            (await other.TrendAsync()).Checks[0].Days.Skip(1).SkipLast(1).Select(day => (day.Start, day.Runs, day.Failed)));
    }

    [Fact]
    public async Task A_storage_that_refuses_everything_is_an_error()
    {
        await using var history = await WrittenAsync();
        await using var other = history.Again();
        ((MemoryHistoryStorage)other.Storage).Fault = request =>
            request.Method == "GET" && request.Blob.Length > 0 ? StorageFault.Refuse(403, "AuthorizationPermissionMismatch") : null;

        var exception = await Assert.ThrowsAnyAsync<Exception>(() => other.TrendAsync());

        Assert.True(HistoryFailure.IsRefusal(exception), $"{exception}");
    }

    private static WrittenHistory Refusing(WrittenHistory history, params string[] names)
    {
        var other = history.Again();
        ((MemoryHistoryStorage)other.Storage).Fault = request =>
            request.Method == "GET" && names.Contains(request.Blob) ? StorageFault.Refuse(403, "AuthorizationPermissionMismatch") : null;
        return other;
    }

    private static async Task<WrittenHistory> WrittenAsync()
    {
        var history = WrittenHistory.Create(_start.AddDays(5).AddHours(12), "Healthz__Schedule=0 */15 * * * *");
        await history.WriteAsync(history.Run(
            _start, history.Time.GetUtcNow(), tick => [new CheckRecord(Check.Databases, "default", tick.Minute > 0, 10)]));
        return history;
    }

    private static IEnumerable<PeriodTrend> WithoutDay(TrendReport report) =>
        report.Checks[0].Days.Where(day => DateOnly.FromDateTime(day.Start.UtcDateTime) != _day);
}
