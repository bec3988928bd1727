using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Caluma.Healthz.Checks;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Server.Commands;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Server.Commands;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Tests.Trends;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Http;

/// <summary>What is answered, written and printed is what docs/schemas says of it.</summary>
public sealed class SchemaTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly CheckResult[] _results =
    [
        new(Check.MediaStorageService, "default", TimeSpan.FromSeconds(0.1), null),
        new(Check.Caches, "a", TimeSpan.FromSeconds(0.1), null),
        new(Check.Caches, "b", TimeSpan.FromSeconds(5), Reason.Timeout),
        new(Check.DatabaseMigrations, "default", TimeSpan.FromSeconds(0.1), Reason.Behind),
        CheckResult.WithoutVerdict(Check.Databases, "default", TimeSpan.FromSeconds(5)),
        new(Check.DatabaseModels, "default", TimeSpan.FromSeconds(0.1), null),
    ];

    public static TheoryData<string> Schemas =>
        [.. Directory.EnumerateFiles(JsonContract.Folder).Select(file => Path.GetFileName(file).Split('.')[0])];

    [Theory]
    [InlineData("", "report")]
    [InlineData("?check=caches", "report")]
    [InlineData("?skip=databases", "report")]
    [InlineData("", "health", "application/health+json")]
    public async Task A_report_is_as_the_schema_has_it(string query, string schema, string accept = "")
    {
        await using var probe = new AnsweringProbe(_results);

        var answer = await probe.AnswerAsync("/healthz", query, accept);

        Assert.Empty(JsonContract.Of(schema).Problems(TextOf(answer)));
    }

    [Fact]
    public async Task A_report_without_a_media_storage_is_too()
    {
        await using var probe = new AnsweringProbe(_results[1..2]);

        Assert.Empty(JsonContract.Of("report").Problems(TextOf(await probe.AnswerAsync("/healthz"))));
    }

    [Fact]
    public async Task A_trend_with_all_that_it_can_say_is_as_the_schema_has_it()
    {
        var end = _start.AddDays(9);
        await using var history = WrittenHistory.Create(
            end.AddSeconds(5), "Healthz__Schedule=0 */5 * * * *", "Healthz__Slo=99.99", "Healthz__History__RetentionDays=20");
        await history.WriteAsync(history.Run(_start, end, tick => Found((tick - _start).TotalHours)));

        var json = TextOf(await history.AnswerAsync("/healthz/trend", "?days=400"));

        Assert.Empty(JsonContract.Of("trend").Problems(json));
        var all = JsonNode.Parse(json)!;
        Assert.All(
            (string[])["newest", "ok", "alerts", "ended", "incidents", "checks"],
            member => Assert.True(all[member] is not JsonArray { Count: 0 } and not null, member));
        Assert.Contains(all["checks"]!.AsArray(), check => check!["drift"] is not null && check["forecast"]?["daysToTimeout"] is not null);
        Assert.Contains(all["checks"]!.AsArray(), check => check!["reason"] is not null);

        static CheckRecord[]? Found(double hours) => hours is > 100 and < 103 ? null :
        [
            new CheckRecord(Check.Caches, "default", Ok: true, 100 + (hours * 20)),
            hours % 48 > 46 || hours > 215
                ? new CheckRecord(Check.Databases, "default", Ok: false, 5000, Reason.Timeout)
                : new CheckRecord(Check.Databases, "default", Ok: true, 5),
        ];
    }

    [Fact]
    public async Task An_empty_trend_is_too()
    {
        await using var history = WrittenHistory.Create(_start, "Healthz__Slo=50", "Healthz__Schedule=0 0 0 * * *");

        Assert.Empty(JsonContract.Of("trend").Problems(TextOf(await history.AnswerAsync("/healthz/trend", ""))));
    }

    [Fact]
    public async Task Each_line_of_the_history_is_as_the_schema_has_it()
    {
        await using var history = WrittenHistory.Create(
            _start.AddHours(2), "Healthz__Maintenance__0=2026-11-01T01:00:00Z/2026-11-01T02:00:00Z");
        var reasons = Enum.GetValues<Reason>();
        await history.WriteAsync(history.Run(_start, _start.AddHours(1.5), tick =>
        [
            .. CheckNames.All.Select((check, index) => new CheckRecord(check, "default", Ok: false, 1.5, reasons[
                ((tick.Minute * CheckNames.All.Count) + index) % reasons.Length])),
            new CheckRecord(Check.Caches, "other", Ok: true, 0),
        ]));

        var lines = TextOf(await history.AnswerAsync("/healthz/history", "")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(lines.Length, 89, 91);
        var contract = JsonContract.Of("record");
        Assert.All(lines, line => Assert.Empty(contract.Problems(line)));
        Assert.All(
            lines, line => Assert.Equal($"{line}\n", Encoding.UTF8.GetString(RecordLine.Write(RecordLine.Read(
                Encoding.UTF8.GetBytes(line), out _)!))));
    }

    [Fact]
    public async Task What_check_prints_is_as_the_schema_has_it()
    {
        using var nobody = new PortReservation();
        var settings = Settings.Of(
            "ENABLE_HEALTHZ_ENDPOINT=true", $"Healthz__Databases__default=Host=127.0.0.1;Port={nobody.Port};Username=u;Password=p");

        var result = await CommandLine.RunAsync(settings, "check", "--format", "json");

        Assert.Equal(ExitCode.Unhealthy, result.ExitCode);
        Assert.Empty(JsonContract.Of("check").Problems(result.Output));
        var report = CheckReport.Of(new RunReport(CheckSet.All, _results, _start, TimeSpan.FromSeconds(5)));
        Assert.Empty(JsonContract.Of("check").Problems(JsonSerializer.Serialize(report, CheckJson.Default.CheckReport)));
    }

    [Theory]
    [InlineData("report", """{"caches": [{"default": {"ok": true, "reason": "timeout"}}]}""")]
    [InlineData("report", """{"caches": [{"default": {"ok": 1}}]}""")]
    [InlineData("check", """{"ok": true, "started": "today", "durationMs": 1, "checks": []}""")]
    [InlineData("record", """{"v": 2}""")]
    [InlineData("trend", "{}")]
    [InlineData("health", """{"status": "ok", "checks": {}}""")]
    [InlineData("webhook", """{"version": 1, "event": "gone", "at": "2026-11-22T12:00:00Z", "incident": {}}""")]
    public void A_schema_refuses_what_is_otherwise(string schema, string json) => Assert.NotEmpty(JsonContract.Of(schema).Problems(json));

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_schema_has_all_words_of_the_code(string schema)
    {
        var defined = JsonNode.Parse(File.ReadAllText(Path.Combine(JsonContract.Folder, $"{schema}.schema.json")))!["$defs"];
        var reasons = Enum.GetValues<Reason>().Select(reason => reason.Code());
        var checks = CheckNames.All.Select(check => check.Key());
        var rules = Enum.GetValues<AlertRule>().Select(rule => rule.Name());

        foreach (var (name, words) in new[] { ("reason", reasons), ("check", checks), ("rule", rules) })
        {
            if (defined?[name]?["enum"] is { } choices)
            {
                var known = choices.AsArray().Select(word => (string)word!);
                Assert.Equal(words.Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
            }
        }
    }

    private static string TextOf(HealthzResponse answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
