using System.Text.Json.Nodes;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Server.Commands;

public class ReplayCommandTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_file);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task The_alerts_and_incidents_are_printed_as_JSON()
    {
        var json = await JsonAsync(".5 xxx .20");

        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse("""
                {
                  "records": 28,
                  "alerts": [
                    {"rule": "unavailable", "check": "databases", "target": "default", "severity": "critical",
                     "since": "2026-11-22T12:05:00Z", "triggered": "2026-11-22T12:07:00Z", "resolved": "2026-11-22T12:09:00Z"}
                  ],
                  "incidents": [
                    {"id": "database-default-20261122T120500Z", "target": "default", "checks": ["databases"], "reason": "connect",
                     "severity": "critical", "started": "2026-11-22T12:05:00Z", "opened": "2026-11-22T12:07:00Z",
                     "resolved": "2026-11-22T12:17:00Z", "notifications": 1}
                  ]
                }
                """),
                json),
            $"{json}");
    }

    [Fact]
    public async Task Every_member_is_there_even_if_it_is_null()
    {
        var json = await JsonAsync("._9 ..");

        var (alert, incident) = (
            Assert.Single(json["alerts"]!.AsArray())!.AsObject(), Assert.Single(json["incidents"]!.AsArray())!.AsObject());
        Assert.Equal(["rule", "check", "target", "severity", "since", "triggered", "resolved"], alert.Select(member => member.Key));
        Assert.Null(alert["check"]);
        Assert.Equal(
            ["id", "target", "checks", "reason", "severity", "started", "opened", "resolved", "notifications"],
            incident.Select(member => member.Key));
        Assert.Equal(("probe", null, null), ((string?)incident["target"], incident["reason"], incident["resolved"]));
    }

    [Theory]
    [InlineData(".60 x.x .9 x.x .9 x .9", "burn-fast flapping")]
    [InlineData(".60 x.x .9 x.x .9 x .9", "", "--slo", "90")]
    [InlineData(
        "xxx .9", "", "--maintenance", "2026-11-22T12:00Z/2026-11-22T12:02Z", "--maintenance", "2026-11-22T12:02Z/2026-11-22T13:00Z")]
    [InlineData(".9 _4 .9", "missing-data")]
    [InlineData(".9 _4 .9", "", "--schedule", "0 */5 * * * *")]
    public async Task Options_are_applied(string runs, string rules, params string[] options) =>
        Assert.Equal(
            rules, string.Join(' ', (await JsonAsync(runs, options))["alerts"]!.AsArray().Select(alert => (string?)alert!["rule"])));

    [Fact]
    public async Task People_get_tables()
    {
        await WriteAsync(".5 xxx");

        var result = await CommandLine.RunAsync(Settings.Of(), "replay", _file);

        Assert.Equal((ExitCode.Healthy, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("8 runs: 1 alert; 1 page and 0 tickets.", result.Output, StringComparison.Ordinal);
        Assert.Contains(result.Table(), columns =>
            columns is ["unavailable", "critical", "databases", "default", "2026-11-22 12:05:00", "2026-11-22 12:07:00", "open"]);
        Assert.Contains(result.Table(), columns => columns is ["database default", "critical", "databases", "connect", _, _, "open", "1"]);
    }

    [Fact]
    public async Task Duplicates_empty_lines_and_other_line_ends_do_not_matter()
    {
        var lines = Lines(".5 xxx");
        await File.WriteAllTextAsync(
            _file, $"\uFEFF\r\n{string.Join("\r\n\r\n", lines.Concat(lines))}", TestContext.Current.CancellationToken);

        var json = JsonNode.Parse((await CommandLine.RunAsync(Settings.Of(), "replay", _file, "--format", "json")).Output)!;

        Assert.Equal(8, (int)json["records"]!);
        Assert.Single(json["incidents"]!.AsArray());
    }

    [Fact]
    public async Task An_empty_input_has_no_alerts() =>
        Assert.Equal("""{"records":0,"alerts":[],"incidents":[]}""", (await RunAsync("--format", "json")).Output.Trim());

    [Theory]
    [InlineData("rubbish", "Line 3 must be a recorded run, in JSON as /healthz/history gives it: \"rubbish\"")]
    [InlineData("{}", "Line 3 must be a recorded run, in JSON as /healthz/history gives it: \"{}\"")]
    [InlineData("""{"v":1,"tick":"2026-11-22T12:0""", "Line 3 must be a recorded run")]
    [InlineData("tick,started,durationMs", "Line 3 must be a recorded run")]
    public async Task An_invalid_line_is_reported_by_its_number(string line, string message)
    {
        await File.WriteAllLinesAsync(_file, [.. Lines("..")[..2], line], TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync(Settings.Of(), "replay", _file);

        Assert.Equal((ExitCode.Invalid, ""), (result.ExitCode, result.Output));
        Assert.StartsWith(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--slo", "100")]
    [InlineData("--slo", "high")]
    [InlineData("--schedule", "often")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "soon")]
    [InlineData("--maintenance", "tomorrow")]
    [InlineData("--format", "xml")]
    public async Task An_invalid_option_is_named(string option, string value)
    {
        var result = await RunAsync(option, value);

        Assert.Equal(
            (ExitCode.Invalid, true), (result.ExitCode, result.Error.Contains(option, StringComparison.Ordinal) || option == "--format"));
    }

    [Fact]
    public async Task A_missing_file_is_reported()
    {
        var result = await CommandLine.RunAsync(Settings.Of(), "replay", $"{_file}.not");

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith($"{_file}.not cannot be read", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("burn-fast cannot trigger", "--slo", "90")]
    [InlineData("latency-drift cannot trigger", "--schedule", "0 0 */6 * * *")]
    public async Task A_rule_that_cannot_trigger_is_reported(string note, params string[] options) =>
        Assert.Contains(note, (await RunAsync(options)).Error, StringComparison.Ordinal);

    [Fact]
    public async Task Runs_of_another_schedule_are_reported()
    {
        var runs = new Story { Schedule = "0 */5 * * * *" }.Runs(("default", ".30"));
        await File.WriteAllLinesAsync(_file, runs.Select(Line), TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync(Settings.Of(), "replay", _file);

        Assert.Contains(
            "Note: most runs are 300 s apart, and a run every 60 s is expected; see --schedule.", result.Error, StringComparison.Ordinal);
    }

    private static string Line(RunRecord run) => RecordFormat.JsonLines.Text(run).Trim();

    private static List<string> Lines(string runs) => [.. new Story().Runs(("default", runs)).Select(Line)];

    private Task WriteAsync(string runs) => File.WriteAllLinesAsync(_file, Lines(runs), TestContext.Current.CancellationToken);

    private Task<CommandLine> RunAsync(params string[] options) => CommandLine.RunAsync(Settings.Of(), ["replay", _file, .. options]);

    private async Task<JsonNode> JsonAsync(string runs, params string[] options)
    {
        await WriteAsync(runs);
        var result = await RunAsync([.. options, "--format", "json"]);
        Assert.Equal(ExitCode.Healthy, result.ExitCode);
        return JsonNode.Parse(result.Output)!;
    }

    [Slow]
    [Native]
    public sealed class Native : ReplayCommandTests;
}
