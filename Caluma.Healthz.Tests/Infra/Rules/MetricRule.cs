using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;
using Caluma.Healthz.Tests.Functions;

namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// A metric alert with a static threshold, evaluated like Azure does: one alert for each combination of its dimensions, fired by the first
/// evaluation whose condition is met, and resolved by the third in a row whose condition is not:
/// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-types#metric-alerts.
/// </summary>
/// <param name="rule">The rule, as it is deployed.</param>
internal sealed class MetricRule(JsonObject rule)
{
    private const int ChecksUntilResolved = 3;

    private readonly JsonNode _criterion = rule.At("properties.criteria.allOf.0")!;
    private readonly Dictionary<string, int> _open = [];

    /// <summary>From one evaluation to the next.</summary>
    public TimeSpan Frequency { get; } = XmlConvert.ToTimeSpan(rule.Text("properties.evaluationFrequency"));

    private TimeSpan Window { get; } = XmlConvert.ToTimeSpan(rule.Text("properties.windowSize"));

    /// <summary>Evaluates it.</summary>
    /// <param name="metrics">All points so far.</param>
    /// <param name="now">The end of the window.</param>
    /// <returns>The open alerts: the values of their dimensions.</returns>
    public IReadOnlyList<string> Evaluate(IEnumerable<ExportedMetric> metrics, DateTimeOffset now)
    {
        Assert.Equal(("Average", "LessThan"), (_criterion.Text("timeAggregation"), _criterion.Text("operator")));
        var threshold = double.Parse(_criterion.At("threshold")!.ToJsonString(), CultureInfo.InvariantCulture);
        var names = _criterion.Items("dimensions").Select(dimension => dimension.Text("name")).ToList();
        var series =
            from metric in metrics
            where metric.Name == _criterion.Text("metricName") && metric.Time > now - Window && metric.Time <= now
            group metric by string.Join(' ', names.Select(name => (string?)metric.Dimensions[name]));
        foreach (var points in series)
        {
            if (points.Sum(point => point.Value) / points.Sum(point => point.Count) < threshold)
            {
                _open[points.Key] = ChecksUntilResolved;
            }
            else if (_open.TryGetValue(points.Key, out var left) && left > 1)
            {
                _open[points.Key] = left - 1;
            }
            else
            {
                _open.Remove(points.Key);
            }
        }

        return [.. _open.Keys.Order(StringComparer.Ordinal)];
    }
}
