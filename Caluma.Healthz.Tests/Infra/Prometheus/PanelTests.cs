using System.Net;
using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>What the panels of the dashboard show of a server's answers while something is wrong, and that it is over afterwards.</summary>
[Slow]
public sealed class PanelTests(Services services)
{
    private const string Archive = "{check=\"databases\", target=\"archive\"}";
    private const string Default = "{check=\"databases\", target=\"default\"}";
    private const string Fails = "{check=\"databases\", target=\"default\", reason=\"connect\"}";
    private const string Unavailable = "{check=\"databases\", target=\"default\", rule=\"unavailable\", severity=\"critical\"}";

    [Fact]
    [Fires(
        "Verdict", "Open incidents", "Checks", "Fails now", "Open alerts", "Latency, p95", "Latency, mean", "Failures, by reason",
        "Availability")]
    [Resolves(
        "Verdict", "Open incidents", "Checks", "Fails now", "Open alerts", "Latency, p95", "Latency, mean", "Failures, by reason",
        "Availability")]
    public async Task An_outage_shows_until_it_is_over()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true, new Scrapes(hasBuckets: true), "Healthz__Slo=80");

        await probe.PassAsync(".....xxxxxxx");
        await probe.PassAsync(new string('.', 25));

        var (before, during, after) = (4, 11, 36);
        await Promtool.AssertFindsAsync(probe.Scrapes, [
            Shows("Verdict", before, "{} 1"), Shows("Verdict", during, "{} 0"), Shows("Verdict", after, "{} 1"),
            Shows("Open incidents", before, "{} 0"), Shows("Open incidents", during, "{} 1"), Shows("Open incidents", after, "{} 0"),
            Shows("Checks", before, $"{Archive} 1", $"{Default} 1"),
            Shows("Checks", during, $"{Archive} 1", $"{Default} 0"),
            Shows("Checks", after, $"{Archive} 1", $"{Default} 1"),
            Shows("Fails now", before), Shows("Fails now", during, $"{Fails} 0"), Shows("Fails now", after),
            Shows("Open alerts", before), Shows("Open alerts", during, $"{Unavailable} 1"), Shows("Open alerts", after),
            Shows("Failures, by reason", before), Shows("Failures, by reason", during, $"{Fails} 1"),
            Shows("Failures, by reason", after, $"{Fails} 0"),

            // Nothing has passed for the time in view; and the clock of the test stands still during a run.
            Shows("Availability", before, $"{Archive} 1", $"{Default} 1"),
            Shows("Availability", during, $"{Archive} 1", $"{Default} 0"),
            Shows("Availability", after, $"{Archive} 1", $"{Default} 1"),
            ShowsAnything("Latency, p95", "> 0 <= 0.005", before, Archive, Default),
            ShowsAnything("Latency, p95", "> 0 <= 0.005", during, Archive),
            ShowsAnything("Latency, p95", "> 0 <= 0.005", after, Archive, Default),
            ShowsAnything("Latency, mean", "== 0", before, Archive, Default),
            ShowsAnything("Latency, mean", "== 0", during, Archive),
            ShowsAnything("Latency, mean", "== 0", after, Archive, Default),
        ]);
    }

    [Fact]
    [Fires("Least budget", "Error budget left")]
    [Resolves("Least budget", "Error budget left")]
    public async Task A_budget_that_is_spent_shows_until_it_is_there_again()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true, "Healthz__Slo=99.99");

        await probe.PassAsync("..xxxxx...");
        await probe.SleepAsync(TimeSpan.FromDays(31));
        await probe.PassAsync("...");

        // Five have failed. Ten runs in the first nine minutes are 48,000 in 30 days, of which 4.8 may.
        await Promtool.AssertFindsAsync(probe.Scrapes, [
            Shows("Least budget", 1, "{} 1"), Shows("Error budget left", 1, $"{Archive} 1", $"{Default} 1"),
            Shows("Least budget", 9, "{} -0.0417"), Shows("Error budget left", 9, $"{Archive} 1", $"{Default} -0.0417"),
            Shows("Least budget", 12, "{} 1"), Shows("Error budget left", 12, $"{Archive} 1", $"{Default} 1"),
        ]);
    }

    [Fact]
    [Fires("Newest record")]
    [Resolves("Newest record")]
    public async Task A_history_that_takes_no_records_shows_until_it_does()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true);
        await probe.PassAsync("...");
        Directory.Move(probe.History, $"{probe.History}-away");
        await File.WriteAllTextAsync(probe.History, "in the way", TestContext.Current.CancellationToken);

        await probe.PassAsync("......");
        File.Delete(probe.History);
        Directory.Move($"{probe.History}-away", probe.History);
        await probe.PassAsync("..");

        await Promtool.AssertFindsAsync(
            probe.Scrapes,
            [Shows("Newest record", 2, "{} 0"), Shows("Newest record", 8, "{} 360"), Shows("Newest record", 10, "{} 0")]);
    }

    [Fact]
    [Fires("Newest verdict", "Objective")]
    [Resolves("Newest verdict", "Objective")]
    public async Task A_verdict_is_old_until_the_next_and_an_objective_is_there_until_another_is_set()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false, "Healthz__Slo=99.5");
        await probe.PassAsync("..________.");
        await probe.StopForAsync(2);
        await using var next = await ScrapedProbe.StartAsync(services, hasHistory: false, probe.Scrapes, "Healthz__Slo=99");
        await next.PassAsync(".");

        await Promtool.AssertFindsAsync(probe.Scrapes, [
            Shows("Newest verdict", 1, "{} 0"), Shows("Newest verdict", 9, "{} 480"), Shows("Newest verdict", 10, "{} 0"),
            Shows("Objective", 10, "{} 0.995"), Shows("Objective", 12), Shows("Objective", 13, "{} 0.99"),
        ]);
    }

    [Fact]
    [Fires("Runs")]
    [Resolves("Runs")]
    public async Task Runs_are_counted_by_their_verdict_and_so_is_what_needed_none()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false, "Healthz__MinInterval=00:00:30");

        await probe.PassAsync(".......");
        for (var minute = 0; minute < 7; minute++)
        {
            Assert.Equal(HttpStatusCode.OK, await probe.AskAsync());
            Assert.Equal(HttpStatusCode.OK, await probe.AskAsync());
            Assert.Equal(HttpStatusCode.Unauthorized, await probe.AskWithoutKeyAsync());
            probe.Starve();
            await probe.PassAsync(".");
        }

        await probe.PassAsync("xxxxxxx");
        await probe.PassAsync("_______");

        await Promtool.AssertFindsAsync(probe.Scrapes, [
            Shows("Runs", 6, "{ok=\"true\"} 1"), Shows("Runs B", 6), Shows("Runs C", 6), Shows("Runs D", 6),
            Shows("Runs", 13, "{ok=\"true\"} 1"), Shows("Runs B", 13, "{} 2"), Shows("Runs C", 13, "{} 1"), Shows("Runs D", 13, "{} 1"),
            Shows("Runs", 20, "{ok=\"true\"} 0", "{ok=\"false\"} 1"),
            Shows("Runs", 27, "{ok=\"true\"} 0", "{ok=\"false\"} 0"),
            Shows("Runs B", 27, "{} 0"), Shows("Runs C", 27, "{} 0"), Shows("Runs D", 27, "{} 0"),
        ]);
    }

    /// <summary>What a panel shows at a minute, such as <c>{target="default"} 1</c>, with four minutes in view.</summary>
    private static (string Query, int Minute, string[] Samples) Shows(string panel, int minute, params string[] samples) =>
        (QueryOf(panel), minute, samples);

    /// <summary>The series of a panel that have some value which meets a condition; NaN meets none.</summary>
    private static (string Query, int Minute, string[] Samples) ShowsAnything(
        string panel, string condition, int minute, params string[] series) =>
        ($"count by (check, target) ({QueryOf(panel)} {condition})", minute, [.. series.Select(one => $"{one} 1")]);

    /// <param name="panel">A panel, and which of its queries unless the first.</param>
    private static string QueryOf(string panel) =>
        Dashboard.Queries("4m").First(query => query.Panel == panel || $"{query.Panel} {query.Id}" == panel).Query;
}
