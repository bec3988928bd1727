using System.Globalization;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>Prometheus's own tool for rules.</summary>
internal static class Promtool
{
    /// <summary>The folder of the rules.</summary>
    public static readonly string Folder = Path.Combine(Repository.Root, "infra", "prometheus");

    /// <summary>The rules.</summary>
    public static readonly string Rules = Path.Combine(Folder, "healthz.rules.yaml");

    /// <summary>Runs it, and fails where it finds fault.</summary>
    public static async Task RunAsync(params string[] arguments)
    {
        using var folder = new ServerFolder("promtool");
        await ServerProcess.RunAsync(folder, Executable.Find("promtool"), arguments);
    }

    /// <summary>Holds what fires at each minute against what must.</summary>
    /// <param name="scrapes">What was scraped.</param>
    /// <param name="firing">Which fire, from a minute on, up to the next one that is named.</param>
    public static async Task AssertFiringAsync(Scrapes scrapes, params (int From, string[] Firing)[] firing)
    {
        const string Query = "count by (alertname, severity, system, target) (ALERTS{alertstate=\"firing\"})";
        await AssertAsync(
            scrapes,
            from minute in Enumerable.Range(0, scrapes.Count)
            select Expectation(Query, minute, firing.Last(span => span.From <= minute).Firing.Select(alert => (Labels(alert), 1.0))));
    }

    /// <summary>Holds what queries find against what they must.</summary>
    /// <param name="scrapes">What was scraped.</param>
    /// <param name="found">What a query finds at a minute, such as <c>{target="default"} 1</c>.</param>
    public static Task AssertFindsAsync(Scrapes scrapes, IEnumerable<(string Query, int Minute, string[] Samples)> found) => AssertAsync(
        scrapes,
        from one in found
        select Expectation(one.Query, one.Minute, one.Samples.Select(sample =>
        {
            var end = sample.LastIndexOf(' ');
            return (sample[..end], double.Parse(sample[end..], CultureInfo.InvariantCulture));
        })));

    private static async Task AssertAsync(Scrapes scrapes, IEnumerable<JsonNode> expectations)
    {
        var test = new JsonObject
        {
            ["rule_files"] = new JsonArray(Rules),
            ["evaluation_interval"] = "1m",
            ["tests"] = new JsonArray(new JsonObject
            {
                ["interval"] = "1m",
                ["input_series"] = scrapes.ToInputSeries(),
                ["promql_expr_test"] = new JsonArray([.. expectations]),
            }),
        };
        using var folder = new ServerFolder("promtool");
        await File.WriteAllTextAsync(folder.PathOf("test.json"), test.ToJsonString(), TestContext.Current.CancellationToken);
        await RunAsync("test", "rules", folder.PathOf("test.json"));
    }

    private static JsonObject Expectation(string query, int minute, IEnumerable<(string Labels, double Value)> samples) => new JsonObject
    {
        ["expr"] = query,
        ["eval_time"] = string.Create(CultureInfo.InvariantCulture, $"{minute}m"),
        ["exp_samples"] = new JsonArray(
            [.. samples.Select(sample => new JsonObject { ["labels"] = sample.Labels, ["value"] = sample.Value })]),
    };

    /// <param name="alert">Such as <c>HealthzIncident critical database default</c>.</param>
    private static string Labels(string alert)
    {
        var words = alert.Split(' ');
        var system = words.Length > 2 ? $", system=\"{words[2]}\", target=\"{words[3]}\"" : "";
        return $"{{alertname=\"{words[0]}\", severity=\"{words[1]}\"{system}}}";
    }
}
