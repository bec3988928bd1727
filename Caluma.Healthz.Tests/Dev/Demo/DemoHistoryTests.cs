using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Demo;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Configuration;

namespace Caluma.Healthz.Tests.Dev.Demo;

[Slow]
public sealed class DemoHistoryTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_production_binary_has_no_command_that_replaces_a_history()
    {
        var result = await CommandLine.RunAsync(Settings.Of(), "demo");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith("No command named \"demo\".", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-demo1")]
    [InlineData("-demo-healthz")]
    public async Task A_container_with_another_name_is_left_alone(string suffix)
    {
        var (container, settings) = await CreateAsync(suffix);
        await container.CreateAsync(cancellationToken: Cancel);
        await container.UploadBlobAsync("precious", BinaryData.FromString("history"), Cancel);

        var refusal = await Assert.ThrowsAsync<DevException>(() => DemoRecorder.ReplaceAsync(settings, Cancel));

        Assert.Equal(
            $"Healthz__History__Container is {container.Name}; expected a name that ends with -demo, because everything in it is deleted.",
            refusal.Message);
        Assert.True(await container.GetBlobClient("precious").ExistsAsync(Cancel));
    }

    [Fact]
    public async Task An_empty_place_gets_a_history_with_trends_and_runs()
    {
        var (container, settings) = await CreateAsync("-demo");

        await DemoRecorder.ReplaceAsync(settings, Cancel);
        var trend = await CommandLine.RunAsync(settings, "trend");
        var history = await CommandLine.RunAsync(
            settings, "history", "--format", "jsonl", "--from", $"{DateTimeOffset.UtcNow.AddDays(-28):yyyy-MM-dd}");

        await AssertIsDemoAsync(container);
        Assert.InRange(trend.ExitCode, ExitCode.Healthy, ExitCode.Unhealthy);
        Assert.Equal(
            ["caches", "database migrations", "databases", "database models"],
            trend.Table().Skip(1).TakeWhile(columns => columns.Length > 3).Select(columns => columns[0]));

        // Four weeks and a part of a day have two ticks a week, and perhaps one more; one may be in a gap.
        Assert.InRange(history.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 7, 9);
    }

    /// <remarks>The lock of a killed server stays for up to a minute.</remarks>
    [Fact]
    public async Task An_old_history_is_replaced_except_for_the_lock_of_a_recorder()
    {
        var (container, settings) = await CreateAsync("-demo");
        await container.CreateAsync(cancellationToken: Cancel);
        foreach (var name in new[] { "records/2020/01/01.jsonl", "rollups/2020/01/01.json",
            "alerts/state.json", "latest.json", "recorder.lock" })
        {
            await container.UploadBlobAsync(name, BinaryData.FromString("old"), Cancel);
        }

        await container.GetBlobClient("recorder.lock").GetBlobLeaseClient()
            .AcquireAsync(TimeSpan.FromSeconds(-1), cancellationToken: Cancel);

        await DemoRecorder.ReplaceAsync(settings, Cancel);

        await AssertIsDemoAsync(container, "recorder.lock");
    }

    [Fact]
    public void The_same_clock_gives_the_same_history()
    {
        var options = Options("Healthz__Schedule=0 */30 * * * *", "Healthz__Caches__default=cache:6379");
        var now = new DateTimeOffset(2026, 11, 22, 12, 34, 56, TimeSpan.Zero);

        var records = Lines(options, now);

        Assert.Equal(records, Lines(options, now));
        Assert.NotEqual(records, Lines(options, now.AddHours(1)));
    }

    [Fact]
    public void The_history_is_of_the_configured_targets()
    {
        var options = Options(
            "Healthz__Schedule=0 0 * * * *", "Healthz__Databases__archive=Host=archive;Username=u;Password=p", "Healthz__Timeout=00:00:02");
        var now = new DateTimeOffset(2026, 11, 22, 12, 34, 56, TimeSpan.Zero);

        var records = new DemoHistory(options, now).Records().ToList();

        Assert.Equal(records.Select(record => record.Tick).Order().Distinct(), records.Select(record => record.Tick));
        Assert.Equal((now.AddDays(-89), now), (Floor(records[0].Tick.AddHours(-1), now), Floor(records[^1].Tick, now)));
        Assert.All(records, record => Assert.Equal(options.Schedule.Last(record.Tick), record.Tick));
        Assert.Equal(
            new SortedSet<string>(["archive", "default"]),
            [.. records.SelectMany(record => record.Checks).Select(check => check.Target)]);
        Assert.All(records.SelectMany(record => record.Checks), check => Assert.InRange(check.Ms, 0.01, 2000));
        Assert.Contains(records, record => record.Maintenance);
        Assert.Contains(records, record => !record.Ok);
    }

    [Fact]
    public void Without_checks_the_runs_are_empty()
    {
        var options = Options("Healthz__Schedule=0 0 * * * *", "Healthz__Checks=caches");

        var records = new DemoHistory(options, new DateTimeOffset(2026, 11, 22, 12, 34, 56, TimeSpan.Zero)).Records();

        Assert.All(records, record => Assert.Equal((true, 0), (record.Ok, record.Checks.Count)));
    }

    /// <summary>A moment with a tick within the next hour.</summary>
    private static DateTimeOffset Floor(DateTimeOffset tick, DateTimeOffset now) =>
        now - TimeSpan.FromDays(Math.Round((now - tick).TotalDays));

    private static List<string> Lines(HealthzOptions options, DateTimeOffset now) =>
        [.. new DemoHistory(options, now).Records().Select(RecordFormat.JsonLines.Text)];

    private static HealthzOptions Options(params string[] settings) => Settings.ReadOptions(settings);

    /// <summary>A log and a rollup for each day of the demo, and a summary for each month.</summary>
    private static async Task AssertIsDemoAsync(BlobContainerClient container, params string[] more)
    {
        var names = await container.GetBlobsAsync(new GetBlobsOptions(), Cancel).Select(blob => blob.Name).ToListAsync(Cancel);
        var (logs, rollups) = (DaysOf("records/"), DaysOf("rollups/"));

        DemoDays.AssertAreMondaysAndThursdays(logs.Count);
        Assert.Equal(logs, rollups);
        var months = rollups.SkipLast(1).Select(day => $"summaries/{day[..7]}.json").Distinct();
        Assert.Equal(["alerts/state.json", "latest.json", .. more, .. months, "summaries/recent.json"], names.Where(name =>
            !name.StartsWith("records/", StringComparison.Ordinal) && !name.StartsWith("rollups/", StringComparison.Ordinal)));
        Assert.True(string.CompareOrdinal(logs[0], $"{DateTimeOffset.UtcNow.AddDays(-92):yyyy/MM/dd}") > 0, logs[0]);

        List<string> DaysOf(string prefix) =>
            [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name.Substring(prefix.Length, 10))];
    }

    /// <summary>The settings of a history in a missing container, with a run on Mondays and Thursdays, for a small history.</summary>
    private async Task<(BlobContainerClient Container, IConfiguration Settings)> CreateAsync(string suffix)
    {
        var connectionString = (await services.Azurite).ConnectionString;
        var container = new BlobContainerClient(connectionString, $"test-{Guid.NewGuid():N}{suffix}");
        return (container, Settings.Of(
            "DATABASE_HOST=db",
            "Healthz__Caches__default=cache:6379",
            "Healthz__Schedule=0 0 12 * * 1,4",
            $"Healthz__History__ConnectionString={connectionString}",
            $"Healthz__History__Container={container.Name}"));
    }
}
