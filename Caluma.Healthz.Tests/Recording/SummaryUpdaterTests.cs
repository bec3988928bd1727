using System.Text.Json;
using Azure;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The summaries, on each storage.</summary>
public abstract class SummaryUpdaterTests : StorageTests
{
    private const int Days = 75;

    private static readonly HealthzOptions _options = new() { Schedule = Schedule.Parse("0 0 * * * *", out _)! };

    private FakeTimeProvider Time { get; } = new(Records.Noon);

    [Fact]
    public async Task A_trend_is_the_same_with_and_without_summaries()
    {
        await WriteAsync();
        var expected = new List<string>();
        foreach (var (days, hours) in Moments)
        {
            expected.Add(await TrendAsync(days, hours));
        }

        await SumUpAsync();

        Assert.Equal(
            ["summaries/2026/09.json", "summaries/2026/10.json", "summaries/2026/11.json", "summaries/recent.json"],
            (await Place.NamesAsync()).Where(name => name.StartsWith("summaries", StringComparison.Ordinal)));
        var told = new List<string>();
        foreach (var (days, hours) in Moments)
        {
            told.Add(await TrendAsync(days, hours));
        }

        Assert.Equal(expected, told);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"v":1,"days":[]}""")]
    [InlineData("""{"v":1,"days":[null]}""")]
    [InlineData("""{"v":1,"days":[{"day":"2026-10-20","version":"1","expected":[1],"series":[]}]}""")]
    public async Task A_lost_or_torn_summary_changes_no_answer_and_is_computed_again(string? content)
    {
        await WriteAsync();
        await SumUpAsync();
        var expected = await TrendAsync(Days, hours: 0);
        foreach (var name in new[] { "summaries/2026/10.json", "summaries/recent.json" })
        {
            var written = await Place.ReadAsync(name);
            await Place.DeleteAsync(name);
            if (content is not null)
            {
                await Place.PutAsync(name, content);
            }

            Assert.Equal(expected, await TrendAsync(Days, hours: 0));
            await SumUpAsync();
            Assert.Equal(written, await Place.ReadAsync(name));
        }
    }

    [Fact]
    public async Task A_late_day_counts_at_once_and_updates_its_month()
    {
        await WriteAsync();
        await SumUpAsync();
        var late = Records.Day.AddDays(-40);
        var before = await TrendAsync(Days, hours: 0);
        var documents = Documents();
        var rollup = (await documents.ReadAsync(HistoryNames.Rollup(late), HistoryJson.Default.DayRollup, Cancel)).Value!;
        Assert.True(rollup.Fold(Run(At(late, 3), ok: false) with { Instance = "late" }, _options.Schedule));
        await documents.WriteAsync(HistoryNames.Rollup(late), rollup, HistoryJson.Default.DayRollup, ETag.All, Cancel);

        var after = await TrendAsync(Days, hours: 0);
        Assert.NotEqual(before, after);
        Assert.False(await IsSummedUpAsync(late));

        var updater = new SummaryUpdater(documents);
        updater.Reopen(late);
        await updater.UpdateAsync(Records.Day, Cancel);
        Assert.True(await IsSummedUpAsync(late));
        Assert.Equal(after, await TrendAsync(Days, hours: 0));
    }

    [Fact]
    public async Task Concurrent_writers_leave_a_whole_summary()
    {
        await WriteAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SumUpAsync()));

        for (var day = Records.Day.AddDays(1 - Days); day < Records.Day; day = day.AddDays(1))
        {
            Assert.True(await IsSummedUpAsync(day), $"{day:O}");
        }
    }

    [Fact]
    public async Task A_day_without_a_rollup_is_removed()
    {
        await WriteAsync();
        await SumUpAsync();
        var gone = Records.Day.AddDays(-40);
        await Place.DeleteAsync(HistoryNames.Rollup(gone));
        var without = await TrendAsync(Days, hours: 0);

        await SumUpAsync();

        var document = await Documents().ReadAsync(HistoryNames.Summary(gone), HistoryJson.Default.SummaryDocument, Cancel);
        Assert.DoesNotContain(gone, document.Value!.Days.Select(day => day.Day));
        Assert.Equal(without, await TrendAsync(Days, hours: 0));
    }

    [Fact]
    public async Task Summaries_of_old_months_are_deleted()
    {
        foreach (var name in new[] { "2025/09.json", "2025/10.json", "2026/11.json", "recent.json", "1999/notes.json" })
        {
            await Place.PutAsync($"summaries/{name}", "{}");
        }

        await new Retention(Place.Open()).DeleteBeforeAsync(Records.Day, new DateOnly(2025, 10, 1), Cancel);
        Assert.Equal(4, (await Place.NamesAsync()).Count);
        await new Retention(Place.Open()).DeleteBeforeAsync(Records.Day, new DateOnly(2026, 11, 30), Cancel);

        Assert.Equal(["summaries/1999/notes.json", "summaries/2026/11.json", "summaries/recent.json"], await Place.NamesAsync());
    }

    private static (int Days, double Hours)[] Moments => [(2, 0), (30, 0.4), (Days, 0), (Days, 11.9), (Days, 20)];

    private static DateTimeOffset At(DateOnly day, int hour) => new(day, new TimeOnly(hour, 0), TimeSpan.Zero);

    private static RunRecord Run(DateTimeOffset tick, bool ok = true)
    {
        var ms = Math.Round(5 + (tick.Hour * 1.7) + (tick.Day % 7), 2);
        List<CheckRecord> checks =
        [
            new(Check.Databases, "default", ok, ms, ok ? null : Reason.Timeout), new(Check.Caches, "default", Ok: true, 1 + (ms / 100)),
        ];
        return new RunRecord(tick, tick, 10, ok, Late: false, Maintenance: tick.Hour == 5, "test", "instance", checks);
    }

    /// <summary>The rollups of days up to today, with failures, hours and a day without runs, and a new check.</summary>
    private async Task WriteAsync()
    {
        var documents = Documents();
        for (var day = Records.Day.AddDays(1 - Days); day <= Records.Day; day = day.AddDays(1))
        {
            var rollup = new DayRollup { Day = day };
            for (var hour = 0; hour < (day == Records.Day ? 12 : 24) && day.Day != 9; hour++)
            {
                var run = Run(At(day, hour), ok: (hour + day.Day) % 11 > 0);
                if (hour != day.Day)
                {
                    rollup.Fold(day < Records.Day.AddDays(-20) ? run with { Checks = [run.Checks[0]] } : run, _options.Schedule);
                }
            }

            await documents.WriteAsync(HistoryNames.Rollup(day), rollup, HistoryJson.Default.DayRollup, null, Cancel);
        }
    }

    private async Task SumUpAsync()
    {
        var updater = new SummaryUpdater(Documents());
        updater.Begin();
        await updater.UpdateAsync(Records.Day, Cancel);
    }

    private async Task<bool> IsSummedUpAsync(DateOnly day)
    {
        var documents = Documents();
        var version = (await documents.RollupVersionsAsync(day, day, Cancel))[day];
        var document = await documents.ReadAsync(HistoryNames.Summary(day), HistoryJson.Default.SummaryDocument, Cancel);
        return document.Value?.Find(day, version) is not null;
    }

    /// <summary>The trend of a new process.</summary>
    private async Task<string> TrendAsync(int days, double hours)
    {
        Time.AdjustTime(Records.Noon.AddHours(hours));
        var storage = Place.Open();
        var reader = new TrendReader(
            new RecordReader(storage, Logger),
            new DocumentStore(storage, new FakeLogger<DocumentStore>()),
            _options,
            Time,
            new FakeLogger<TrendReader>());
        var report = await reader.ReadAsync(days, Cancel);
        return JsonSerializer.Serialize(report, TrendsJson.Default.TrendReport)
            + string.Join(';', report.Checks.SelectMany(check => check.Hours.Concat(check.Days)).Select(period => $"{period}"));
    }

    [Slow]
    public sealed class OnBlobs(Services services) : SummaryUpdaterTests
    {
        private protected override async Task<IStoragePlace> CreatePlaceAsync() => await BlobPlace.CreateAsync(services);
    }

    public sealed class InMemory : SummaryUpdaterTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new MemoryPlace());
    }

    public sealed class InFolder : SummaryUpdaterTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new FolderPlace());
    }
}
