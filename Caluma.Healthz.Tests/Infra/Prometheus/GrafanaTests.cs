using System.Globalization;
using System.Text.Json.Nodes;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Server;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>The dashboard's queries and the rules, asked of a real Prometheus that has scraped the real server.</summary>
[Slow]
public sealed class GrafanaTests(Services services)
{
    private const string Range = "1m";

    /// <summary>Counts of what has not happened here: shared answers, and runs without time.</summary>
    private static readonly (string Panel, string Id)[] _mayBeEmpty = [("Runs", "B"), ("Runs", "D")];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Fires(
        "Verdict", "Open incidents", "Newest verdict", "Least budget", "Objective", "Newest record", "Checks", "Fails now",
        "Open alerts", "Latency, p95", "Latency, mean", "Failures, by reason", "Error budget left", "Runs", "Availability")]
    public async Task Each_panel_shows_what_the_server_says()
    {
        await using var deployment = await CalumaDeployment.CreateAsync(services);
        using var folder = new ServerFolder("grafana");
        using var port = new PortReservation();
        using var metricsPort = new PortReservation();
        deployment.Settings["Healthz:Databases:archive"] = deployment.Database.ConnectionStringFor("nobody", "wrong");
        deployment.Settings["Healthz:History:Folder"] = folder.PathOf("history");
        deployment.Settings["Healthz:Schedule"] = "*/5 * * * * *";
        deployment.Settings["Healthz:Timeout"] = "00:01:00";
        deployment.Settings["Logging:Console:LogLevel:Default"] = "Information";
        await using var process = await HealthzProcess.StartAsync(
            deployment.Settings, ["serve", "--urls", $"http://127.0.0.1:{port.Port}", "--metrics", $"http://127.0.0.1:{metricsPort.Port}"]);
        await process.UntilLoggedAsync("Application started");
        await using var prometheus =
            await PrometheusServer.StartNewAsync(new Uri($"http://127.0.0.1:{metricsPort.Port}"), Promtool.Rules);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.Port}") };
        using (await client.GetAsync(new Uri("/healthz/", UriKind.Relative), Cancel))
        {
            // Without a key.
        }

        await process.UntilLoggedAsync("HealthzIncidentOpened");
        await Deadline.UntilAsync(
            "Prometheus knows of the incident, and of two runs",
            async () => (await prometheus.QueryAsync("rate(healthz_check_duration_seconds_count{reason=\"\"}[1m]) > 0")).Count > 0
                && (await prometheus.QueryAsync("healthz_incident_open")).Count > 0
                && (await prometheus.QueryAsync("rate(healthz_refused_keys_total[1m])")).Count > 0);

        foreach (var (panel, id, query) in Dashboard.Queries(Range))
        {
            var series = await prometheus.QueryAsync(query);
            Assert.True(series.Count > 0 || _mayBeEmpty.Contains((panel, id)), $"{panel}: {query} finds nothing");
            Assert.All(series, one => Assert.True(double.IsFinite(Value(one)), $"{panel}: {query} gives {one["value"]}"));
        }

        Assert.Equal(0, Value(Assert.Single(await AskAsync("Verdict"))));
        Assert.Equal(1, Value(Assert.Single(await AskAsync("Open incidents"))));
        Assert.Equal(
            [
                "{\"check\":\"database-migrations\",\"reason\":\"auth\",\"target\":\"archive\"}",
                "{\"check\":\"database-models\",\"reason\":\"auth\",\"target\":\"archive\"}",
                "{\"check\":\"databases\",\"reason\":\"auth\",\"target\":\"archive\"}",
            ],
            (await AskAsync("Fails now")).Select(Labels).Order(StringComparer.Ordinal));
        Assert.Equal(
            [("archive", 0), ("default", 1)],
            from series in await AskAsync("Checks")
            where (string?)series["metric"]!["check"] == "databases"
            orderby (string?)series["metric"]!["target"]
            select ((string)series["metric"]!["target"]!, (int)Value(series)));
        Assert.All(
            from series in await AskAsync("Availability")
            where (string?)series["metric"]!["target"] != "archive"
            select Value(series),
            availability => Assert.Equal(1, availability));
        Assert.All(await AskAsync("Latency, p95"), series => Assert.InRange(Value(series), 0.0001, 5));
        Assert.All(await AskAsync("Latency, mean"), series => Assert.InRange(Value(series), 0.0001, 5));
        Assert.All(await AskAsync("Failures, by reason"), series => Assert.True(Value(series) > 0));
        Assert.Equal(["{\"ok\":\"false\"}"], (await AskAsync("Runs")).Where(series => Value(series) > 0).Select(Labels));
        await Deadline.UntilAsync(
            "each rule has been evaluated", async () => (await prometheus.RulesAsync()).All(rule => (string?)rule["health"] == "ok"));

        Task<IReadOnlyList<JsonNode>> AskAsync(string panel) =>
            prometheus.QueryAsync(Dashboard.Queries(Range).First(query => query.Panel == panel).Query);
    }

    [Fact]
    public void Each_panel_says_what_it_shows_and_has_a_place_of_its_own()
    {
        var panels = Dashboard.Panels;
        var cells =
            from panel in panels
            let place = panel["gridPos"]!
            from x in Enumerable.Range((int)place["x"]!, (int)place["w"]!)
            from y in Enumerable.Range((int)place["y"]!, (int)place["h"]!)
            select (x, y);

        Assert.All(panels, panel => Assert.NotEmpty((string?)panel["description"] ?? ""));
        Assert.Distinct(panels.Select(panel => (int)panel["id"]!));
        Assert.Distinct(panels.Select(panel => (string)panel["title"]!));
        Assert.Distinct(cells);
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
    }

    private static double Value(JsonNode series) => double.Parse((string)series["value"]![1]!, CultureInfo.InvariantCulture);

    private static string Labels(JsonNode series) => series["metric"]!.ToJsonString();
}
