using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>The dashboard of Grafana.</summary>
internal static partial class Dashboard
{
    /// <summary>Its panels.</summary>
    public static IReadOnlyList<JsonNode> Panels { get; } =
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "infra", "grafana", "dashboard.json")))!["panels"]!.AsArray()
            .Select(panel => panel!),
    ];

    /// <summary>The queries of all panels, as Grafana would ask them.</summary>
    /// <param name="range">The time in view, and that of a rate, such as <c>1m</c>.</param>
    public static IEnumerable<(string Panel, string Id, string Query)> Queries(string range) =>
        from panel in Panels
        from target in panel["targets"]!.AsArray()
        select ((string)panel["title"]!, (string)target!["refId"]!, Variables().Replace(
            (string)target["expr"]!,
            variable => variable.Value switch
            {
                "$__rate_interval" or "$__range" => range,
                "$namespace" => "caluma",
                "$job" => "caluma-healthz",
                var other => throw new InvalidDataException($"{other} is no variable of the dashboard."),
            }));

    [GeneratedRegex(@"\$\w+")]
    private static partial Regex Variables();
}
