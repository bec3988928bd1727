using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>heartbeat-missing fires only for a dead timer, at whatever second Azure evaluates it.</summary>
[Slow]
public sealed class HeartbeatTests(Deployments deployments, KqlEngine kql)
{
    private static readonly DateTime _start = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    // The rule is evaluated every five minutes, at an unknown offset.
    private static readonly IEnumerable<TimeSpan> _phases = Enumerable.Range(0, 15).Select(phase => TimeSpan.FromSeconds(20 * phase));

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_log_that_is_up_to_five_minutes_late_raises_no_alert(int minutesLate)
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
    public async Task A_dead_timer_is_noticed_within_fifteen_minutes(int minutesLate)
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
    public async Task A_timer_that_works_again_resolves_the_alert()
    {
        var rule = await RuleAsync();
        var log = Log(1, after: TimeSpan.FromMinutes(30));

        Assert.True(await FiresAsync(rule, log, _start.AddMinutes(29), TimeSpan.Zero));
        Assert.False(await FiresAsync(rule, log, _start.AddMinutes(31), TimeSpan.Zero));
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_counts_as_a_heartbeat()
    {
        var rule = await RuleAsync();
        var log = new LogTables().Log(LoggedEvents.RecordFailed(Reason.Timeout, 1, 0)).Tables;

        Assert.False(await FiresAsync(rule, log, _start.AddMinutes(5), TimeSpan.Zero));
    }

    [Fact]
    public async Task The_description_of_the_rule_is_true() =>
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

    /// <summary>Runs the query like Azure: over the rows that have arrived and whose time is in the window before now.</summary>
    private async Task<bool> FiresAsync(JsonObject rule, JsonObject log, DateTime now, TimeSpan late)
    {
        var window = XmlConvert.ToTimeSpan(rule.Text("properties.windowSize"));
        var criterion = rule.At("properties.criteria.allOf.0");
        var rows = log["AppTraces"]!.AsArray()
            .Where(row => DateTime.Parse(row.Text("TimeGenerated"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind) is var time
                && time > now - window && time + late <= now)
            .Select(row => row!.DeepClone());

        // The component as in the log, in the place of its placeholder.
        var query = await File.ReadAllTextAsync(
            Path.Combine(InfraFolder.Origin, "queries", "heartbeat-missing.kql"), TestContext.Current.CancellationToken);
        var result = await kql.RunAsync(query, new JsonObject { ["AppTraces"] = new JsonArray([.. rows]) });

        Assert.Equal("LessThan Maximum", $"{criterion.At("operator")} {criterion.At("timeAggregation")}");
        return Assert.Single(result.Rows!).Number(criterion.Text("metricMeasureColumn")) < criterion.Number("threshold");
    }
}
