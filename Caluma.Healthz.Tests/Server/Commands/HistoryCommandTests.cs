using System.Text;
using Caluma.Healthz.History;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Forms;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;

namespace Caluma.Healthz.Tests.Server.Commands;

[Slow]
public class HistoryCommandTests(Services services)
{
    private const string NoTime = "must be a UTC time such as 2026-11-22T12:00:00Z, a day such as 2026-11-22, or how long ago such as 2h.";

    private static readonly DateTimeOffset _start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] _tenMinutes = ["--from", "2026-11-20T12:00:00Z", "--to", "2026-11-20T12:10Z"];

    [Fact]
    public async Task Runs_are_a_table_and_each_series_is_a_line()
    {
        await using var history = await WriteAsync("Healthz__Maintenance__0=2026-11-20T12:08:00Z/2026-11-20T12:10:00Z");

        var result = await CommandLine.RunAsync(history.Settings, ["history", .. _tenMinutes]);

        Assert.Equal((ExitCode.Healthy, ""), (result.ExitCode, result.Error));
        Assert.DoesNotContain(result.Output, character => char.IsControl(character) && character != '\n');
        Assert.Equal(
            [
                "FROM,TO,RUNS,VERDICT,MAX MS,FAILED",
                "2026-11-20 12:00:00,12:01:00,2,ok,11.5",
                "2026-11-20 12:02:00,1,failed,5000.5,databases/archive: timeout; databases/default: connect",
                "2026-11-20 12:03:00,1,failed,5000.5,databases/archive: timeout",
                "2026-11-20 12:05:00,12:07:00,3,ok,17.5",
                "2026-11-20 12:08:00,1,maintenance,18.5",
                "2026-11-20 12:09:00,1,maintenance,5000.5,databases/archive: timeout",
                "CHECK,TARGET,MS",
                "databases,archive,▁▁××▁▁▁~~",
                "databases,default,▁▂×▄▆▇█~~",
                "MS from the oldest to the newest: × failed, ~ maintenance, · nothing recorded. Times are UTC.",
            ],
            result.Table().Select(columns => string.Join(',', columns)));
    }

    [Fact]
    public async Task A_line_is_no_wider_than_a_terminal_and_shows_the_worst()
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _start, "Healthz__Schedule=*/5 * * * * *");
        await history.AppendAsync(history.Run(_start, _start.AddMinutes(61), tick =>
            [tick == _start.AddMinutes(30) ? Failed("default", Reason.Busy) : Passed("default", 5)]));

        var result = await CommandLine.RunAsync(
            history.Settings, "history", "--from", "2026-11-20T12:00:00Z", "--to", "2026-11-20T13:01:00Z");

        var line = result.Table().Single(columns => columns is ["databases", "default", _])[2];
        Assert.InRange(line.Length, 30, 60);
        Assert.Single(line, '×');
    }

    [Fact]
    public async Task The_default_period_is_the_last_hour()
    {
        var now = DateTimeOffset.UtcNow;
        await using var history = await AzuriteHistory.CreateAsync(services, now);
        await history.AppendAsync(history.Run(now.AddHours(-3), now, _ => [Passed("default", 5)]));

        var result = await CommandLine.RunAsync(history.Settings, "history", "--format", "jsonl");

        var ticks = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => RecordLine.Read(Encoding.UTF8.GetBytes(line), out _)!.Tick).ToList();
        Assert.InRange(ticks.Count, 50, 60);
        Assert.All(ticks, tick => Assert.True(tick >= now.AddHours(-1)));
        Assert.Equal(history.Options.Schedule.Last(now), ticks[^1]);
    }

    [Fact]
    public async Task The_default_period_ends_with_the_given_end()
    {
        await using var history = await WriteAsync();

        var result = await CommandLine.RunAsync(history.Settings, "history", "--to", "2026-11-20T13:03:00Z");

        Assert.Equal(("2026-11-20 12:03:00", "2026-11-20 12:09:00"), (result.Table().ElementAt(1)[0], result.Table().ElementAt(3)[0]));
    }

    [Theory]
    [InlineData(2, "--failed")]
    [InlineData(9, "--check", "databases")]
    [InlineData(0, "--check", "caches")]
    [InlineData(1, "--target", "default", "--failed")]
    [InlineData(9, "--target", "archive")]
    [InlineData(0, "--target", "nobody")]
    public async Task Filters_select_runs(int runs, params string[] options)
    {
        await using var history = await WriteAsync("Healthz__Maintenance__0=2026-11-20T12:08:00Z/2026-11-20T12:10:00Z");

        var result = await CommandLine.RunAsync(history.Settings, ["history", .. _tenMinutes, "--format", "jsonl", .. options]);
        var records = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => RecordLine.Read(Encoding.UTF8.GetBytes(line), out _)!).ToList();

        Assert.Equal((ExitCode.Healthy, ""), (result.ExitCode, result.Error));
        Assert.Equal(runs, records.Count(record => !record.Maintenance || !options.Contains("--failed")));
        Assert.All(records, record => Assert.Equal(record.Ok, record.Checks.All(check => check.Ok)));
        Assert.All(records.SelectMany(record => record.Checks), check =>
            Assert.True(!options.Contains("--target") || options.Contains(check.Target)));
    }

    [Fact]
    public async Task Times_may_be_relative()
    {
        var now = DateTimeOffset.UtcNow;
        await using var history = await AzuriteHistory.CreateAsync(services, now);
        await history.AppendAsync(history.Run(now.AddHours(-5), now, _ => [Passed("default", 5)]));

        var result = await CommandLine.RunAsync(history.Settings, "history", "--from", "3h", "--to", "90m", "--format", "jsonl");

        Assert.InRange(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 88, 91);
    }

    [Theory]
    [InlineData("jsonl")]
    [InlineData("csv")]
    public async Task JSON_and_CSV_are_those_of_the_route(string format)
    {
        await using var history = await WriteAsync();
        var answer = await history.AnswerAsync("/healthz/history", $"?from=2026-11-20T12:00:00Z&to=2026-11-20T12:10Z&format={format}");

        var result = await CommandLine.RunAsync(history.Settings, ["history", .. _tenMinutes, "--format", format]);

        Assert.Equal((ExitCode.Healthy, Encoding.UTF8.GetString(answer.Body.Span)), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Without_records_the_command_says_so()
    {
        await using var history = await WriteAsync();

        var result = await CommandLine.RunAsync(history.Settings, "history", "--from", "2026-11-19", "--to", "2026-11-20");

        Assert.Equal(
            (ExitCode.Healthy, "No matching runs were recorded in this period.\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData($"--from {NoTime}", "--from", "nonsense")]
    [InlineData($"--to {NoTime}", "--to", "nonsense")]
    [InlineData("--from must be earlier than to.", "--from", "2026-11-22", "--to", "2026-11-21")]
    [InlineData("--from and to must be at most 31 days apart.", "--from", "2026-10-01", "--to", "2026-11-21")]
    [InlineData("--format must be table, jsonl or csv.", "--format", "xml")]
    [InlineData("Required argument missing for option: '--from'.", "--from")]
    [InlineData("Unrecognized command or argument '--days'.", "--days", "7")]
    public async Task An_invalid_option_is_named(string says, params string[] options)
    {
        await using var history = await AzuriteHistory.CreateAsync(services, _start);

        var result = await CommandLine.RunAsync(history.Settings, ["history", .. options]);

        Assert.Equal(ExitCode.Invalid, result.ExitCode);
        Assert.StartsWith(says, result.Error, StringComparison.Ordinal);
    }

    /// <summary>Ten minutes with two outages and a missing run.</summary>
    private async Task<WrittenHistory> WriteAsync(params string[] settings)
    {
        var history = await AzuriteHistory.CreateAsync(services, _start.AddMinutes(10), settings);
        await history.AppendAsync(history.Run(_start, _start.AddMinutes(10), tick => tick.Minute == 4 ? null :
        [
            tick.Minute is 2 or 3 or 9 ? Failed("archive", Reason.Timeout) : Passed("archive", 5),
            tick.Minute is 2 ? Failed("default", Reason.Connect) : Passed("default", 10 + tick.Minute),
        ]));
        return history;
    }

    private static CheckRecord Passed(string target, double ms) => new(Check.Databases, target, Ok: true, ms);

    private static CheckRecord Failed(string target, Reason reason) => new(Check.Databases, target, Ok: false, 5000, reason);

    [Slow]
    [Native]
    public sealed class Native(Services services) : HistoryCommandTests(services);
}
