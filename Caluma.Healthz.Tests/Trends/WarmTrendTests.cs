using Caluma.Healthz.Tests.History;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>What is kept from one reader of a trend to the next. It says the same as what is read for the first time.</summary>
public sealed class WarmTrendTests
{
    [Fact]
    public async Task Nothing_is_sent_again_before_it_has_changed()
    {
        await using var history = await TrendHistories.MonthAsync(days: 3);
        var storage = Assert.IsType<MemoryHistoryStorage>(history.Storage);
        await history.TrendAsync();
        var sent = storage.Sent;
        Assert.InRange(sent, 1, long.MaxValue);

        await history.TrendAsync();
        await history.TrendAsync(days: 1);
        Assert.Equal(sent, storage.Sent);

        var now = history.Time.GetUtcNow().AddMinutes(5);
        await history.WriteAsync(history.Run(history.Time.GetUtcNow(), now, _ => [TrendHistories.Failed("default")]));
        history.Time.SetUtcNow(now);

        Assert.Equal([false, null], (await history.TrendAsync()).Checks.Select(check => check.Ok));
        Assert.InRange(storage.Sent, sent + 1, long.MaxValue);
    }

    /// <remarks>A reader lets time pass in its own state, which adds the alert of missing runs there, and not to that of others.</remarks>
    [Fact]
    public async Task Readers_at_once_have_each_their_own_alerts()
    {
        await using var history = await TrendHistories.MonthAsync(days: 1);
        await history.TrendAsync();
        history.Time.Advance(TimeSpan.FromHours(1));

        var reports = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => history.TrendAsync())));

        Assert.All(reports, report => Assert.Single(report.Alerts));
        Assert.All(reports, report => Assert.True(report.Stale));
        history.Time.AdjustTime(history.Time.GetUtcNow().AddHours(-1));
        Assert.Empty((await history.TrendAsync()).Alerts);
    }

    [Fact]
    public async Task A_forecast_follows_the_runs()
    {
        var start = TrendHistories.Start;
        await using var history = WrittenHistory.Create(start, "Healthz__Schedule=0 */5 * * * *");
        var random = new Random(1);
        var (written, forecasts) = (start, new List<string>());
        for (var day = 5; day <= 8; day++)
        {
            var now = start.AddDays(day);
            await history.WriteAsync(history.Run(written, now, tick =>
            [
                TrendHistories.Passed("default", 400 + (200 * (tick - start).TotalDays) + random.Next(50)),
                TrendHistories.Passed("other", 5 + random.NextDouble()),
            ]));
            written = now;
            history.Time.SetUtcNow(now);
            await using var other = history.Again();

            var first = await ForecastsAsync(other);
            Assert.Equal([first, first], [await ForecastsAsync(history), await ForecastsAsync(history)]);
            forecasts.Add(first);
        }

        Assert.DoesNotContain("null", forecasts);
        Assert.Distinct(forecasts);
    }

    private static async Task<string> ForecastsAsync(WrittenHistory history) =>
        string.Join(" and ", (await history.TrendAsync()).Checks.Select(check => $"{check.Forecast?.ToString() ?? "null"}"));
}
