using System.Text.Json.Nodes;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>A point of a metric, as an exporter sends it to Application Insights.</summary>
/// <param name="Time">When it was collected.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">The sum of its values.</param>
/// <param name="Count">How many these are.</param>
/// <param name="Dimensions">Its dimensions.</param>
internal sealed record ExportedMetric(DateTimeOffset Time, string Name, double Value, int Count, JsonObject Dimensions);
