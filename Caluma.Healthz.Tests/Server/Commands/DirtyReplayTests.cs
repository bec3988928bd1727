using System.Text.Json.Nodes;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Server.Commands;

/// <summary>What becomes of files that people have exported, joined and cut: a right answer, or a message that says what must be.</summary>
public sealed class DirtyReplayTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Lines_that_are_out_of_order_are_put_into_it(int seed)
    {
        var lines = Lines(".60 xxx .60 xx.9 xx.9 x .60").ToArray();
        var expected = (await RunAsync(lines)).Output;
        new Random(seed).Shuffle(lines);

        var result = await RunAsync(lines);

        Assert.Equal((ExitCode.Healthy, expected), (result.ExitCode, result.Output));
        Assert.Matches("^Note: [0-9]+ runs came after a later one, and were put into the order of time.", result.Error);
    }

    [Fact]
    public async Task Lines_that_are_far_from_their_place_are_told()
    {
        var lines = Lines(".8d");

        var near = await RunAsync([.. lines[^10..], .. lines[5000..^10]]);
        var far = await RunAsync([.. lines[5760..], .. lines[..5760]]);

        Assert.Equal((ExitCode.Healthy, lines.Length - 5000), (near.ExitCode, (int)JsonNode.Parse(near.Output)!["records"]!));
        Assert.Equal((ExitCode.Invalid, ""), (far.ExitCode, far.Output));
        Assert.StartsWith("Line 5761 must be in the order of time", far.Error, StringComparison.Ordinal);
        Assert.Contains("sort the lines first", far.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_line_twice_counts_once()
    {
        var lines = Lines(".60 xxx .60");

        Assert.Equal((await RunAsync(lines)).Output, (await RunAsync([.. lines.SelectMany(line => new[] { line, line })])).Output);
    }

    [Fact]
    public async Task A_last_line_that_is_cut_off_is_left_out_and_said()
    {
        var lines = Lines(".60 xxx .60");
        var expected = (await RunAsync(lines)).Output;
        await File.WriteAllTextAsync(_file, $"{string.Join('\n', lines)}\n{lines[0][..40]}", TestContext.Current.CancellationToken);

        var result = await ReplayAsync();

        Assert.Equal((ExitCode.Healthy, expected), (result.ExitCode, result.Output));
        Assert.StartsWith("Note: line 124, the last one, is cut off, and left out.", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    public async Task A_file_without_a_run_is_said(string content)
    {
        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);

        var result = await ReplayAsync();

        Assert.Equal((ExitCode.Healthy, 0), (result.ExitCode, (int)JsonNode.Parse(result.Output)!["records"]!));
        Assert.StartsWith("Note: there is no run in it.", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_of_another_zone_are_the_same_times()
    {
        var lines = Lines(".5 xxx .20");
        var zoned = lines.Select(line => line.Replace("2026-11-22T12:", "2026-11-22T17:", StringComparison.Ordinal)
            .Replace("Z\"", "+05:00\"", StringComparison.Ordinal));

        Assert.Equal((await RunAsync(lines)).Output, (await RunAsync([.. zoned])).Output);
    }

    [Fact]
    public async Task Two_schedules_in_one_file_are_said()
    {
        var sparse = new Story { Schedule = "0 */5 * * * *" }.Runs(("default", ".60"))
            .Select(run => run with { Tick = run.Tick.AddDays(1) });

        var result = await RunAsync([.. Lines(".60"), .. sparse.Select(Line)]);

        Assert.Contains("Note: runs are 60 s or 300 s apart, and a run every 60 s is expected", result.Error, StringComparison.Ordinal);
        Assert.Contains("--schedule", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gap_is_missing_data_and_no_failure()
    {
        var json = JsonNode.Parse((await RunAsync(Lines(".60 _60 .60"))).Output)!;

        Assert.Equal(["missing-data"], json["alerts"]!.AsArray().Select(alert => (string?)alert!["rule"]));
    }

    private static string Line(RunRecord run) => RecordFormat.JsonLines.Text(run).Trim();

    private static string[] Lines(string runs) => [.. new Story().Runs(("default", runs)).Select(Line)];

    private async Task<CommandLine> RunAsync(string[] lines)
    {
        await File.WriteAllLinesAsync(_file, lines, TestContext.Current.CancellationToken);
        return await ReplayAsync();
    }

    private Task<CommandLine> ReplayAsync() => CommandLine.RunAsync(Settings.Of(), "replay", _file, "--format", "json");
}
