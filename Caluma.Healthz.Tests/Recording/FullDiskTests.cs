using System.Globalization;
using System.Text.RegularExpressions;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>A server whose disk, a real file system, becomes full under its history.</summary>
[Slow]
public sealed partial class FullDiskTests(Services services)
{
    private const string Recorded = "HealthzRunRecorded";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_answers_while_its_disk_is_full_and_records_all_that_it_kept_when_there_is_room()
    {
        await using var disk = await SmallFileSystem.MountAsync(kilobytes: 512);
        var folder = Path.Combine(disk.Path, "history");
        await using var caluma = await CalumaDeployment.CreateAsync(services);
        caluma.Settings["Healthz:History:Folder"] = folder;
        caluma.Settings["HEALTHZ_SCHEDULE"] = "*/5 * * * * *";
        caluma.Settings.Remove("Logging:Console:LogLevel:Default");
        await using var server = await HealthzProcess.StartAsync(caluma.Settings, ["serve", "--urls", "http://127.0.0.1:0"]);
        var address = await server.UntilListeningAsync();
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("x-functions-key", CalumaDeployment.Key);
        await server.UntilLoggedAsync(Recorded);
        await AssertAnswersAsync();

        var filler = disk.Fill();
        await Deadline.UntilAsync("two runs cannot be recorded", () => Failed().Count >= 2, () => $"{server.Log}");
        await AssertAnswersAsync();
        Assert.All(Failed(), failure => Assert.Matches("^HealthzRecordFailed reason=full failed=[a-z,]+ pending=[0-9]+ lost=0$", failure));
        Assert.Contains("HealthzHistoryFolderUnusable reason=full ", $"{server.Log}", StringComparison.Ordinal);

        // Each document is whole, although there was no room for the next version of it.
        Assert.DoesNotContain(Unfinished(), _ => true);
        var before = Acknowledged().Count;
        File.Delete(filler);
        await Deadline.UntilAsync("runs are recorded again", () => Acknowledged().Count > before, () => $"{server.Log}");
        await AssertAnswersAsync();
        server.Send(Signal.Terminate);
        await server.UntilEndedAsync();

        Assert.Equal(0, server.ExitCode);
        var acknowledged = Acknowledged();
        var ticks = await TicksAsync(folder);
        Assert.Equal(ticks.Distinct(), ticks);
        Assert.Empty(acknowledged.Except(ticks));

        // Each run is acknowledged, or has failed while the disk was full and was kept. The stop may have interrupted one.
        Assert.InRange(ticks.Count - acknowledged.Count - Failed().Count, 0, 1);
        Assert.DoesNotContain(Failed(), failure => !failure.EndsWith(" lost=0", StringComparison.Ordinal));
        Assert.DoesNotContain(Unfinished(), _ => true);

        IReadOnlyList<string> Failed() =>
            [.. Failure().Matches($"{server.Log}").Select(match => match.Value)];

        IReadOnlyList<DateTimeOffset> Acknowledged() =>
        [
            .. Tick().Matches($"{server.Log}").Select(match =>
                DateTimeOffset.Parse(match.Groups["tick"].Value, CultureInfo.InvariantCulture)),
        ];

        IEnumerable<string> Unfinished() =>
            Directory.EnumerateFiles(folder, $"*{HistoryFile.Unfinished}", SearchOption.AllDirectories);

        async Task AssertAnswersAsync()
        {
            Assert.Equal(200, (int)(await client.GetAsync(new Uri("/healthz/", UriKind.Relative), Cancel)).StatusCode);
            Assert.Equal(200, (int)(await client.GetAsync(new Uri("/healthz/trend", UriKind.Relative), Cancel)).StatusCode);
        }
    }

    private static async Task<IReadOnlyList<DateTimeOffset>> TicksAsync(string folder)
    {
        var storage = new FolderHistoryStorage(folder, TimeProvider.System, NullLogger<FolderHistoryStorage>.Instance);
        var reader = new RecordReader(storage, NullLogger<RecordReader>.Instance);
        var today = DateOnly.FromDateTime(DateTime.UtcNow);
        return await reader.ReadRangeAsync([today.AddDays(-1), today], DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel)
            .Select(record => record.Tick).ToListAsync(Cancel);
    }

    [GeneratedRegex(@"HealthzRunRecorded tick=(?<tick>\S+) ")]
    private static partial Regex Tick();

    [GeneratedRegex("HealthzRecordFailed .*")]
    private static partial Regex Failure();
}
