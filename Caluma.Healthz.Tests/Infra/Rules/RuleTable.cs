using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>The table of all rules and queries, made of the tests that say what they have seen.</summary>
internal static class RuleTable
{
    public const string MetricRule = "check-failing, a metric";
    private const string Availability = "availability";
    private const string Anomalies = "failure anomalies";
    private const string Outside = "workbook-outside";
    private const string Azures = "its data are made by Azure, and nothing here makes them";

    private static readonly string _infra = Path.Combine(Repository.Root, "infra");

    /// <summary>What cannot be seen here, and why.</summary>
    private static readonly Dictionary<string, string> _unseen = new()
    {
        [Availability] = Azures,
        [Anomalies] = Azures,
        [Outside] = Azures,
    };

    /// <summary>The names of all rules and queries, by the system that evaluates them.</summary>
    public static IReadOnlyList<(string System, string Rule)> Rules { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(_infra, "queries")).Select(Path.GetFileNameWithoutExtension)
            .Order(StringComparer.Ordinal).Append(MetricRule).Append(Availability).Append(Anomalies)
            .Select(rule => ("Azure", rule!)),
        .. from @group in Assert.Single(YamlFile.Read("infra", "prometheus", "healthz.rules.yaml"))["groups"]!.AsArray()
           from rule in @group["rules"]!.AsArray()
           where rule["alert"] is not null
           select ("Prometheus", (string)rule["alert"]!),
        .. from panel in JsonNode.Parse(File.ReadAllText(Path.Combine(_infra, "grafana", "dashboard.json")))!["panels"]!.AsArray()
           select ("Grafana", (string)panel["title"]!),
    ];

    /// <summary>The rules and queries that no test has seen at one of the two, and that can be seen here.</summary>
    public static IEnumerable<string> Holes =>
        from rule in Rules
        where !_unseen.ContainsKey(rule.Rule) && !(Fired.Contains(rule.Rule) && Resolved.Contains(rule.Rule))
        select rule.Rule;

    /// <summary>The names that tests give.</summary>
    public static IEnumerable<string> Named => Fired.Concat(Resolved).Select(tests => tests.Key);

    private static ILookup<string, MethodInfo> Fired { get; } =
        TestTable.TestsBy<FiresAttribute, string>(fires => fires.Rules);

    private static ILookup<string, MethodInfo> Resolved { get; } =
        TestTable.TestsBy<ResolvesAttribute, string>(resolves => resolves.Rules);

    /// <summary>The table in Markdown. A cell links its tests.</summary>
    public static string Table()
    {
        var text = new StringBuilder("| | rule or query | fires, or shows | resolves, or shows no more |\n| --- | --- | --- | --- |\n");
        foreach (var (system, rule) in Rules)
        {
            var cells = _unseen.TryGetValue(rule, out var why)
                ? $"{why} |"
                : $"{TestTable.Links(Fired[rule])} | {TestTable.Links(Resolved[rule])}";
            text.Append($"| {system} | {rule} | {cells} |\n");
        }

        return text.ToString();
    }
}
