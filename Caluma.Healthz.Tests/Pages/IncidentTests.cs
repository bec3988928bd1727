using Caluma.Healthz.Configuration;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;
using Incident = Caluma.Healthz.Pages.Incident;

namespace Caluma.Healthz.Tests.Pages;

public sealed class IncidentTests
{
    [Fact]
    public void Alerts_within_half_an_hour_of_each_other_are_one_incident()
    {
        var incident = Assert.Single(
            Of(Ended(AlertRule.Unavailable, 0, 10), Ended(AlertRule.Unavailable, 40, 70), Ended(AlertRule.Flapping, 65, 140)));

        Assert.Equal(3, incident.Alerts.Count);
        Assert.Equal(Severity.Critical, incident.Severity);
        Assert.False(incident.IsOpen);
    }

    [Fact]
    public void Alerts_further_apart_are_not() =>
        Assert.Equal([At(41), At(0)], Of(Ended(AlertRule.Unavailable, 0, 10), Ended(AlertRule.Unavailable, 41, 80))
            .Select(incident => incident.Started));

    [Fact]
    public void The_checks_on_one_database_are_one_incident() =>
        Assert.Equal(
            [Check.DatabaseMigrations, Check.Databases, Check.DatabaseModels],
            Assert.Single(Of(
                Ended(AlertRule.Unavailable, 0, 10) with { Check = Check.Databases },
                Ended(AlertRule.Unavailable, 1, 10) with { Check = Check.DatabaseMigrations },
                Ended(AlertRule.Unavailable, 2, 10) with { Check = Check.DatabaseModels }))
                    .Alerts.Select(alert => alert.Check!.Value).Order());

    [Fact]
    public void Those_of_other_systems_targets_and_the_recording_are_incidents_of_their_own() =>
        Assert.Equal(
            4,
            Of(
                Ended(AlertRule.Unavailable, 0, 10),
                Ended(AlertRule.Unavailable, 0, 10) with { Target = "other" },
                Ended(AlertRule.Unavailable, 0, 10) with { Check = Check.Databases },
                Ended(AlertRule.MissingData, 0, 10) with { Check = null, Target = null }).Count);

    [Fact]
    public void Fifty_databases_that_went_down_together_for_one_reason_are_one_incident()
    {
        var checks = Enumerable.Range(1, 50)
            .Select(target => Reports.Series(target: $"db{target}").Failing(Reason.Connect, TimeSpan.FromHours(2))).ToList();
        var other = Reports.Series(Check.Caches, "cache").Failing(Reason.Auth, TimeSpan.FromHours(2));
        var alerts = checks.Append(other)
            .Select(check => new Alert(AlertRule.Unavailable, Reports.Now.AddHours(-1), check.Check, check.Target));

        var incidents = Incident.Of(Reports.Of([.. checks, other]).With(alerts));

        Assert.Equal([50, 1], incidents.Select(incident => incident.Alerts.Count).OrderDescending());
        Assert.All(incidents, incident => Assert.Equal(Reports.Now.AddSeconds(-30).AddHours(-2), incident.Started));
    }

    [Fact]
    public void It_lasts_as_long_as_it_was_down_and_not_as_the_error_budget_takes_to_calm_down()
    {
        var incident = Assert.Single(
            Of(Ended(AlertRule.BurnFast, 1, 50), Ended(AlertRule.Unavailable, 2, 20), Ended(AlertRule.BurnTicket, 3, 400)));

        Assert.Equal((At(1), At(2), At(20)), (incident.Started, incident.Alerted, incident.Ended));
        Assert.Equal(At(19), incident.Recovered(Schedule.EveryMinute));
    }

    [Fact]
    public void Without_an_outage_it_lasts_as_long_as_its_alerts()
    {
        var incident = Assert.Single(Of(Ended(AlertRule.BurnTicket, 3, 400), Ended(AlertRule.Flapping, 5, 10)));

        Assert.Equal((At(3), At(400)), (incident.Started, incident.Ended));
    }

    [Fact]
    public void Outages_in_a_time_in_which_it_was_slow_are_told_apart() =>
        Assert.Equal(3, Of(Ended(AlertRule.LatencyDrift, 0, 10_000),
            Ended(AlertRule.Unavailable, 100, 110), Ended(AlertRule.Unavailable, 5000, 5010)).Count);

    [Fact]
    public void What_is_open_has_no_end_takes_in_what_comes_after_it_and_began_with_the_first_run_that_failed()
    {
        var check = Reports.Series(Check.Caches).Failing(Reason.Connect, TimeSpan.FromHours(13));

        var incident = Assert.Single(Incident.Of(Reports.Of(check).With(
            new Alert(AlertRule.BurnTicket, At(500), Check.Caches, "default"),
            new Alert(AlertRule.Unavailable, At(0), Check.Caches, "default"))));

        Assert.Equal((check.Since!.Value, At(0), null), (incident.Started, incident.Alerted, incident.Ended));
        Assert.True(incident.IsOpen);
        Assert.Equal("connect ×1", incident.Reasons.ToString());
    }

    [Fact]
    public void Its_reasons_are_those_of_its_hours()
    {
        var check = Reports.Series(Check.Caches);
        var hours = check.Hours.Select(hour => hour.Start.Hour is 1 or 5 && hour.Start >= Reports.Today
            ? hour with { Failed = 9, Reasons = new ReasonCounts([new(hour.Start.Hour == 1 ? Reason.Connect : Reason.Dns, 9)]) }
            : hour);

        var incident = Assert.Single(Incident.Of(Reports.Of(check with { Hours = [.. hours] }).With(Ended(AlertRule.Unavailable, 65, 75))));

        Assert.Equal("connect ×9", incident.Reasons.ToString());
    }

    private static IReadOnlyList<Incident> Of(params IEnumerable<Alert> alerts) =>
        Incident.Of(Reports.Of(Reports.Series(Check.Caches)).With(alerts));

    private static DateTimeOffset At(int minute) => Reports.Today.AddMinutes(minute);

    private static Alert Ended(AlertRule rule, int from, int to) => new(rule, At(from), Check.Caches, "default", At(to));
}
