using Caluma.Healthz.Tests.Infra.Rules;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Prometheus;

/// <summary>Each rule fires, and resolves, upon what the server itself answers; and nothing fires beside it.</summary>
[Slow]
public sealed class RuleTests(Services services)
{
    private const string Incident = "HealthzIncident critical database default";
    private const string Failing = "HealthzCheckFailing critical database default";
    private const string Burn = "HealthzErrorBudgetBurn critical database default";
    private const string Ticket = "HealthzErrorBudgetTicket warning database default";
    private const string Spent = "HealthzErrorBudgetSpent warning database default";
    private const string NotRecording = "HealthzNotRecording critical";
    private const string NoRuns = "HealthzNoRuns warning";
    private const string Starved = "HealthzStarved warning";
    private const string Down = "HealthzDown critical";

    [Fact]
    public Task The_rules_are_valid_and_pass_their_own_tests() =>
        Promtool.RunAsync("test", "rules", Path.Combine(Promtool.Folder, "healthz.rules.test.yaml"));

    [Fact]
    [Fires("HealthzIncident")]
    [Resolves("HealthzIncident")]
    public async Task Where_there_is_a_history_an_outage_is_one_page()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true);

        await probe.PassAsync(".....xxxxxxxx");
        await probe.PassAsync(new string('.', 25));

        // Opened upon the third failure; over ten minutes after the second pass, and five more in which it may come back.
        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (7, [Incident]), (27, []));
    }

    [Fact]
    [Fires("HealthzCheckFailing")]
    [Resolves("HealthzCheckFailing")]
    public async Task Where_there_is_none_an_outage_is_one_page_too()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false);

        await probe.PassAsync(".....xxxxxxxxxxxxxxx");
        await probe.PassAsync(new string('.', 90));

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (8, [Failing]), (20, []));
    }

    [Fact]
    [Fires("HealthzErrorBudgetBurn")]
    [Resolves("HealthzErrorBudgetBurn")]
    public async Task What_fails_often_and_never_for_long_uses_the_budget_up()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false);

        await probe.PassAsync("..........x.x.x.x.x.x.x.x.x.x.x.x");
        await probe.PassAsync(new string('.', 40));

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (20, [Burn]), (63, []));
    }

    [Fact]
    [Fires("HealthzErrorBudgetTicket")]
    [Resolves("HealthzErrorBudgetTicket")]
    public async Task What_fails_now_and_then_is_a_ticket()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false, "Healthz__Slo=99.95");

        for (var failure = 0; failure < 3; failure++)
        {
            await probe.PassAsync($"x{new string('.', 180)}");
        }

        await probe.PassAsync(new string('.', 200));

        // Six hours without a failure end it.
        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (367, [Ticket]), (723, []));
    }

    [Fact]
    [Fires("HealthzErrorBudgetSpent")]
    [Resolves("HealthzErrorBudgetSpent")]
    public async Task A_budget_that_is_spent_is_a_ticket_until_it_is_there_again()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true, "Healthz__Slo=99.99");

        await probe.PassAsync("..xxxxx...........");
        await probe.SleepAsync(TimeSpan.FromDays(31));
        await probe.PassAsync(new string('.', 30));

        // The outage pages, too, until five minutes into the month after: nothing was scraped in the one between.
        await Promtool.AssertFiringAsync(
            probe.Scrapes, (0, []), (4, [Incident]), (17, [Spent, Incident]), (18, [Incident]), (21, []));
    }

    [Fact]
    [Fires("HealthzNotRecording")]
    [Resolves("HealthzNotRecording")]
    public async Task A_history_that_takes_no_records_is_a_page_and_the_targets_are_watched_without_it()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true);
        await probe.PassAsync("...");
        Directory.Move(probe.History, $"{probe.History}-away");
        await File.WriteAllTextAsync(probe.History, "in the way", TestContext.Current.CancellationToken);

        await probe.PassAsync(new string('.', 12));
        File.Delete(probe.History);
        Directory.Move($"{probe.History}-away", probe.History);
        await probe.PassAsync("......");

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (12, [NotRecording]), (15, []));
    }

    [Fact]
    [Fires("HealthzNoRuns")]
    [Resolves("HealthzNoRuns")]
    public async Task A_probe_that_nobody_asks_says_so()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false);

        await probe.PassAsync("..");
        await probe.PassAsync(new string('_', 20));
        await probe.PassAsync("...");

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (17, [NoRuns]), (22, []));
    }

    [Fact]
    [Fires("HealthzStarved")]
    [Resolves("HealthzStarved")]
    public async Task A_probe_without_time_for_its_runs_says_so()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: false);

        for (var minute = 0; minute < 8; minute++)
        {
            probe.Starve();
            probe.Starve();
            await probe.PassAsync(".");
        }

        await probe.PassAsync(new string('.', 20));

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (6, [Starved]), (21, []));
    }

    [Fact]
    [Fires("HealthzDown")]
    [Resolves("HealthzDown")]
    public async Task A_probe_that_is_gone_is_a_page()
    {
        await using var probe = await ScrapedProbe.StartAsync(services, hasHistory: true);

        await probe.PassAsync("...");
        await probe.StopForAsync(8);
        await using var next = await ScrapedProbe.StartAsync(services, hasHistory: true, probe.Scrapes);
        await next.PassAsync("...");

        await Promtool.AssertFiringAsync(probe.Scrapes, (0, []), (8, [Down]), (11, []));
    }
}
