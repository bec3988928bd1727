using System.Text.Json;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Infra;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Eng;

/// <summary>docs/cost.md is the output of eng/Cost.cs for eng/cost.json.</summary>
[Collection(nameof(Builds))]
[Slow]
public sealed class CostTests(Infra.Deployments deployments)
{
    private static readonly string _table = Path.Combine(Repository.Root, "eng", "cost.json");
    private static readonly string _page = Path.Combine(Repository.Root, "docs", "cost.md");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_is_what_the_script_writes()
    {
        var page = await File.ReadAllTextAsync(_page, Cancel);

        Assert.Equal(page, await WriteAsync(await File.ReadAllTextAsync(_table, Cancel), page));
    }

    [Fact]
    public async Task Another_price_gives_another_page()
    {
        var table = JsonNode.Parse(await File.ReadAllTextAsync(_table, Cancel))!;
        var writes = table["prices"]!.AsArray().Single(price => (string?)price!["id"] == "blob-write")!;
        writes["usd"] = 1;

        var page = await WriteAsync(table.ToJsonString(), await File.ReadAllTextAsync(_page, Cancel));

        // 30 days of 1,440 runs of 4 writes, and a fifth of that.
        Assert.Contains("| Recording: writes | 172800.00 | 172800.00 | 34560.00 | 34560.00 |", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_price_has_a_source_and_a_date()
    {
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(_table, Cancel));
        var sources = table.RootElement.GetProperty("sources").EnumerateArray()
            .Select(source => source.GetProperty("id").GetString()).ToList();

        Assert.All(
            table.RootElement.GetProperty("prices").EnumerateArray(),
            price =>
            {
                Assert.Contains(price.GetProperty("from").GetString(), sources);
                Assert.InRange(price.GetProperty("read").GetDateTime(), new DateTime(2026, 1, 1), DateTime.UtcNow);
            });
    }

    [Fact]
    public async Task The_page_counts_the_deployed_alert_rules_and_calls()
    {
        using var table = JsonDocument.Parse(await File.ReadAllTextAsync(_table, Cancel));
        var assumed = table.RootElement.GetProperty("assumptions").EnumerateArray()
            .ToDictionary(assumption => assumption.GetProperty("id").GetString()!, assumption =>
                assumption.GetProperty("value").GetDouble());
        var rules = (await deployments.Plain).Of("Microsoft.Insights/scheduledQueryRules")
            .ToLookup(rule => rule.Text("properties.evaluationFrequency"));
        var test = (await Deployment.PredictAsync("param availabilityTest = true")).Single("Microsoft.Insights/webtests")["properties"]!;

        Assert.Equal(["PT15M", "PT5M"], rules.Select(frequency => frequency.Key).Order());
        Assert.Equal((assumed["rules-5"], assumed["rules-15"]), (rules["PT5M"].Count(), rules["PT15M"].Count()));
        Assert.Equal(
            (assumed["test-locations"], assumed["test-minutes"]), (test.Items("Locations").Count(), test.Number("Frequency") / 60.0));
    }

    private static async Task<string> WriteAsync(string table, string page)
    {
        using var folder = new ServerFolder("cost");
        await File.WriteAllTextAsync(folder.PathOf("cost.json"), table, Cancel);
        await File.WriteAllTextAsync(folder.PathOf("cost.md"), page, Cancel);
        await Builds.RunAsync(
            folder, "run", Path.Combine(Repository.Root, "eng", "Cost.cs"), "--", folder.PathOf("cost.json"), folder.PathOf("cost.md"));
        return await File.ReadAllTextAsync(folder.PathOf("cost.md"), Cancel);
    }
}
