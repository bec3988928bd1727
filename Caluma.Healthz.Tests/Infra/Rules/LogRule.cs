using System.Text.Json.Nodes;
using System.Xml;

namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>A log alert, evaluated over rows of the workspace like Azure does.</summary>
/// <param name="rule">The rule, as it is deployed.</param>
/// <param name="kql">Runs its query.</param>
internal sealed class LogRule(JsonObject rule, KqlEngine kql)
{
    private readonly JsonNode _criterion = rule.At("properties.criteria.allOf.0")!;
    private readonly TimeSpan _window = XmlConvert.ToTimeSpan(rule.Text("properties.windowSize"));

    /// <summary>The rule of a deployment, by its name without the prefix.</summary>
    public static async Task<LogRule> OfAsync(Deployments deployments, KqlEngine kql, string name) => new(
        (await deployments.Plain).Of("Microsoft.Insights/scheduledQueryRules")
            .Single(rule => rule.Text("name").EndsWith($"-{name}", StringComparison.Ordinal)),
        kql);

    /// <summary>Whether its condition is met at a time.</summary>
    public async Task<bool> FiresAsync(JsonObject tables, DateTimeOffset now)
    {
        var inWindow = LogTables.Within(tables, _window, now);

        // The component is the placeholder here, as it is in the rows.
        var query = await File.ReadAllTextAsync(
            Path.Combine(InfraFolder.Origin, "queries", $"{rule.Text("name")["healthz-test-".Length..]}.kql"),
            TestContext.Current.CancellationToken);
        var found = await kql.RunAsync(query, inWindow);
        Assert.Empty(found.Diagnostics);
        var threshold = _criterion.Number("threshold");
        if (_criterion["metricMeasureColumn"] is not { } measure)
        {
            Assert.Equal("GreaterThan", _criterion.Text("operator"));
            return found.Rows!.Count > threshold;
        }

        return found.Rows!.Select(row => row.Number(measure.GetValue<string>())).Any(value => _criterion.Text("operator") switch
        {
            "GreaterThanOrEqual" => value >= threshold,
            "LessThan" => value < threshold,
            var other => throw new InvalidDataException($"{other} is no operator of our rules."),
        });
    }
}
