using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Caluma.Healthz.Checks;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Whether heartbeat-missing fires for a dead timer and for nothing else, at whatever second Azure looks.</summary>
[Slow]
public sealed class HeartbeatTests(Deployments deployments, KqlEngine kql)
{
    private static readonly DateTime _start = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    // The rule is looked at every five minutes; since when, nobody knows.
    private static readonly IEnumerable<TimeSpan> _phases = Enumerable.Range(0, 15).Select(phase => TimeSpan.FromSeconds(20 * phase));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_log_that_comes_up_to_five_minutes_late_raises_nothing(int minutesLate)
    {
        var rule = await RuleAsync();
        var log = Log(40);

        foreach (var look in _phases.Select(phase => _start.AddMinutes(25) + phase))
        {
            Assert.False(await FiresAsync(rule, log, look, TimeSpan.FromMinutes(minutesLate)), $"{look:T}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task A_timer_that_dies_is_noticed_within_fifteen_minutes(int minutesLate)
    {
        var rule = await RuleAsync();
        var log = Log(10);
        var lastSign = _start.AddMinutes(9);
        var frequency = XmlConvert.ToTimeSpan(rule.Text("properties.evaluationFrequency"));

        foreach (var phase in _phases)
        {
            var look = lastSign + phase;
            while (!await FiresAsync(rule, log, look, TimeSpan.FromMinutes(minutesLate)))
            {
                look += frequency;
            }

            Assert.InRange(look - lastSign, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public async Task One_that_is_back_is_quiet_again()
    {
        var rule = await RuleAsync();
        var log = Log(1, after: TimeSpan.FromMinutes(30));

        Assert.True(await FiresAsync(rule, log, _start.AddMinutes(29), TimeSpan.Zero));
        Assert.False(await FiresAsync(rule, log, _start.AddMinutes(31), TimeSpan.Zero));
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_is_a_sign_as_well()
    {
        var rule = await RuleAsync();
        var log = new LogTables().Log(LoggedEvents.RecordFailed(Reason.Timeout, 1, 0)).Tables;

        Assert.False(await FiresAsync(rule, log, _start.AddMinutes(5), TimeSpan.Zero));
    }

    [Fact]
    public async Task The_rule_says_what_it_notices_and_when() =>
        Assert.Matches(
            "for PT10M: .*within 15 minutes, and logs that come up to 5 minutes late raise nothing",
            (await RuleAsync()).Text("properties.description"));

    private static JsonObject Log(int minutes, TimeSpan after = default)
    {
        var log = new LogTables().After(after);
        for (var minute = 0; minute < minutes; minute++)
        {
            log.Log(LoggedEvents.RunRecorded()).After(TimeSpan.FromMinutes(1));
        }

        return log.Tables;
    }

    private async Task<JsonObject> RuleAsync() =>
        (await deployments.Plain).Of("Microsoft.Insights/scheduledQueryRules")
            .Single(rule => rule.Text("name").EndsWith("-heartbeat-missing", StringComparison.Ordinal));

    /// <summary>
    /// Runs the query as Azure does: over the rows whose time is in the window before now, of those that have come by now.
    /// </summary>
    private async Task<bool> FiresAsync(JsonObject rule, JsonObject log, DateTime now, TimeSpan late)
    {
        var window = XmlConvert.ToTimeSpan(rule.Text("properties.windowSize"));
        var criterion = rule.At("properties.criteria.allOf.0");
        var rows = log["AppTraces"]!.AsArray()
            .Where(row => DateTime.Parse(row.Text("TimeGenerated"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) is var time
                && time > now - window && time + late <= now)
            .Select(row => row!.DeepClone());

        // The component of the deployment, as the log has it: in place of its placeholder.
        var query = await File.ReadAllTextAsync(
            Path.Combine(InfraFolder.Origin, "queries", "heartbeat-missing.kql"), TestContext.Current.CancellationToken);
        var result = await kql.RunAsync(query, new JsonObject { ["AppTraces"] = new JsonArray([.. rows]) });

        Assert.Equal("LessThan Maximum", $"{criterion.At("operator")} {criterion.At("timeAggregation")}");
        return Assert.Single(result.Rows!).Number(criterion.Text("metricMeasureColumn")) < criterion.Number("threshold");
    }
}
