using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Server.Commands;
using Microsoft.Extensions.Logging.Abstractions;

namespace Caluma.Healthz.Tests.History;

/// <summary>A history in a folder, and the problems of folders.</summary>
[Slow]
public sealed class FolderHistoryTests
{
    private const string Setting = "Healthz__History__Folder";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_reads_a_history_in_a_folder()
    {
        await using var place = new FolderPlace();
        await using var probe = RecordedProbe.StartIn(place.Folder);
        await probe.TickAsync(3);

        var history = await RunAsync(place.Folder, "history", "--from", "2026-11-22", "--to", "2026-11-23", "--format", "jsonl");

        Assert.Equal((ExitCode.Healthy, "", 3), (history.ExitCode, history.Error, history.Output.Count(character => character == '\n')));
        Assert.Equal(3, await RolledUpAsync(place));
        Assert.Empty(probe.Events("HealthzRecordFailed", "HealthzHistoryFolderUnusable"));
        Assert.Equal(
            ["alerts/state.json", "latest.json", "records/2026/11/22.jsonl", "rollups/2026/11/22.json"], await place.NamesAsync());
    }

    [Theory]
    [InlineData("trend")]
    [InlineData("history")]
    public async Task A_missing_folder_is_an_error_and_no_empty_history(string command)
    {
        await using var place = new FolderPlace();
        await place.RemoveAsync();

        var result = await RunAsync(place.Folder, command);

        Assert.Equal(
            (ExitCode.Invalid, "",
                $"Folder {place.Folder} not found: nothing has ever been recorded there. Check the setting with the command config.\n"),
            (result.ExitCode, result.Output, result.Error));
        Assert.False(Directory.Exists(place.Folder));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_and_says_what_to_do()
    {
        await using var small = await SmallFileSystem.MountAsync(kilobytes: 256);
        await using var probe = RecordedProbe.StartIn(small.Path);
        await probe.TickAsync(2);
        var filler = small.Fill();
        Assert.Null(FolderCheck.Find(small.Path));
        probe.Fails = Reason.Timeout;
        await probe.TickAsync(60);

        // There may have been room for some records.
        Assert.NotEmpty(probe.Events("HealthzRecordFailed"));
        Assert.All(probe.Events("HealthzRecordFailed"), failure =>
            Assert.Matches("^HealthzRecordFailed reason=full failed=[a-z,]+ pending=[0-9]+ lost=0$", failure));
        Assert.Contains(
            probe.Events("HealthzHistoryFolderUnusable"),
            problem =>
                problem.Contains(" has no space left; make room, or shorten Healthz__History__RetentionDays", StringComparison.Ordinal)
                && problem.StartsWith(
                    $"HealthzHistoryFolderUnusable reason=full problem={Setting} is {small.Path}: ", StringComparison.Ordinal));
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        File.Delete(filler);
        await probe.TickAsync();

        Assert.Equal(63, (await probe.RecordsAsync(Records.Day)).Count + (await probe.RecordsAsync(Records.Day.AddDays(1))).Count);
        Assert.Single(probe.Alerts(), alert => alert.Contains("rule=unavailable", StringComparison.Ordinal));
        Assert.DoesNotContain(Directory.EnumerateFiles(small.Path, "*.tmp", SearchOption.AllDirectories), _ => true);
    }

    [Fact]
    public async Task A_file_system_that_becomes_read_only_loses_nothing_and_is_refused_at_the_start()
    {
        await using var small = await SmallFileSystem.MountAsync(kilobytes: 256);
        await using var probe = RecordedProbe.StartIn(small.Path);
        await probe.TickAsync(2);
        await small.MakeReadOnlyAsync();
        await probe.TickAsync(3);

        Assert.Equal(
            Enumerable.Range(1, 3).Select(pending => $"HealthzRecordFailed reason=read-only failed=record pending={pending} lost=0"),
            probe.Events("HealthzRecordFailed"));
        Assert.Equal(
            [$"HealthzHistoryFolderUnusable reason=read-only problem={Setting} is {small.Path}: it is on a file system that is read-only; "
                + "mount it writable."],
            probe.Events("HealthzHistoryFolderUnusable"));
        Assert.Equal(
            $"{Setting} is {small.Path}, which is on a file system that is read-only; expected a volume that is mounted writable",
            $"{FolderCheck.Find(small.Path)}");

        // The existing history can be read all the same.
        var history = await RunAsync(small.Path, "history", "--from", "2026-11-22", "--to", "2026-11-23", "--format", "jsonl");
        Assert.Equal((ExitCode.Healthy, 2), (history.ExitCode, history.Output.Count(character => character == '\n')));
        await small.MakeWritableAsync();
        await probe.TickAsync();

        Assert.Equal(6, (await probe.RecordsAsync(Records.Day)).Count);
        Assert.Null(FolderCheck.Find(small.Path));
    }

    [Fact]
    public async Task Of_two_servers_on_one_folder_one_records_and_the_other_takes_over_after_its_end()
    {
        await using var place = new FolderPlace();
        await using var one = RecordedProbe.StartIn(place.Folder);
        await using var other = RecordedProbe.StartIn(place.Folder, one.Time);

        Assert.True(await one.Get<RecorderLease>().TryHoldAsync(Cancel));
        Assert.False(await other.Get<RecorderLease>().TryHoldAsync(Cancel));
        await one.Get<RecorderLease>().ReleaseAsync();
        Assert.True(await other.Get<RecorderLease>().TryHoldAsync(Cancel));
        Assert.False(await one.Get<RecorderLease>().TryHoldAsync(Cancel));

        one.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await one.Get<RecorderLease>().TryHoldAsync(Cancel));
    }

    [Fact]
    public async Task Two_concurrent_recorders_lose_nothing()
    {
        await using var place = new FolderPlace();
        await using var one = RecordedProbe.StartIn(place.Folder);
        await using var other = RecordedProbe.StartIn(place.Folder, one.Time);
        for (var tick = 0; tick < 10; tick++)
        {
            one.PassTime();
            await Task.WhenAll(Task.Run(one.RecordAsync, Cancel), Task.Run(other.RecordAsync, Cancel));
        }

        Assert.Equal(20, (await one.RecordsAsync(Records.Day)).Count);
        Assert.Equal(20, await RolledUpAsync(place));
        Assert.Empty(one.Events("HealthzRecordFailed").Concat(other.Events("HealthzRecordFailed")));
    }

    /// <remarks>.NET can be told to skip file locks, which looks like a file system without locks.</remarks>
    [Fact]
    public async Task A_server_does_not_start_on_a_file_system_without_locks()
    {
        await using var place = new FolderPlace();

        await using var process = await HealthzProcess.RunAsync(
            [.. SettingsOf(place.Folder), new("DOTNET_SYSTEM_IO_DISABLEFILELOCKING", "1")],
            ["serve", "--no-auth", "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(ExitCode.Invalid, process.ExitCode);
        Assert.Contains(
            $"{Setting} is {place.Folder}, which is on a file system without locks; expected one with locks, such as ext4, XFS, or NFS "
                + "from version 4 on",
            $"{process.Log}",
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_created_is_refused_with_what_to_do()
    {
        // A file is in the way, because root is not stopped by a missing permission.
        await using var place = new FolderPlace();
        var inTheWay = Path.Combine(place.Folder, "folder");
        await File.WriteAllTextAsync(inTheWay, "", Cancel);

        Assert.Equal(
            $"{Setting} is {inTheWay}/below, which cannot be created or written; expected a folder on a volume that can be written to",
            $"{FolderCheck.Find($"{inTheWay}/below")}");
    }

    private static KeyValuePair<string, string?>[] SettingsOf(string folder) =>
        [new("ENABLE_HEALTHZ_ENDPOINT", "true"), new("DATABASE_HOST", "db"),
            new("Healthz:Checks", "databases"), new("Healthz:History:Folder", folder)];

    private static Task<CommandLine> RunAsync(string folder, params string[] args) => CommandLine.RunAsync(
        Settings.Of("DATABASE_HOST=db", "Healthz__Checks=databases", $"{Setting}={folder}"), args);

    private static async Task<int> RolledUpAsync(FolderPlace place)
    {
        var rollup = await new DocumentStore(place.Open(), NullLogger<DocumentStore>.Instance)
            .ReadAsync(HistoryNames.Rollup(Records.Day), HistoryJson.Default.DayRollup, Cancel);
        return rollup.Value!.Hours.Sum(hour => hour.Ticks);
    }
}
