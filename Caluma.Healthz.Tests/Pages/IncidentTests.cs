using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed class IncidentTests
{
    [Fact]
    public void Alerts_within_an_hour_of_each_other_are_one_incident()
    {
        var incident = Assert.Single(Incident.Of([Ended(AlertRule.Unavailable, 0, 10), Ended(AlertRule.Unavailable, 60, 70), Ended(AlertRule.Flapping, 65, 140)]));

        Assert.Equal(3, incident.Alerts.Count);
        Assert.Equal(Severity.Critical, incident.Severity);
    }

    [Fact]
    public void Alerts_further_apart_are_not() =>
        Assert.Equal([At(71), At(0)], Incident.Of([Ended(AlertRule.Unavailable, 0, 10), Ended(AlertRule.Unavailable, 71, 80)]).Select(incident => incident.Since));

    [Fact]
    public void Those_of_other_checks_targets_and_the_recording_are_incidents_of_their_own() =>
        Assert.Equal(
            4,
            Incident.Of(
            [
                Ended(AlertRule.Unavailable, 0, 10),
                Ended(AlertRule.Unavailable, 0, 10) with { Target = "other" },
                Ended(AlertRule.Unavailable, 0, 10) with { Check = Check.Databases },
                Ended(AlertRule.MissingData, 0, 10) with { Check = null, Target = null },
            ]).Count);

    [Fact]
    public void It_lasts_as_long_as_it_was_down_and_not_as_the_error_budget_takes_to_calm_down()
    {
        var incident = Assert.Single(Incident.Of([Ended(AlertRule.BurnFast, 1, 50), Ended(AlertRule.Unavailable, 2, 20), Ended(AlertRule.BurnTicket, 3, 400)]));

        Assert.Equal((At(2), At(20)), (incident.Since, incident.Ended));
    }

    [Fact]
    public void Without_an_outage_it_lasts_as_long_as_its_alerts()
    {
        var incident = Assert.Single(Incident.Of([Ended(AlertRule.BurnTicket, 3, 400), Ended(AlertRule.Flapping, 5, 10)]));

        Assert.Equal((At(3), At(400)), (incident.Since, incident.Ended));
    }

    [Fact]
    public void Outages_in_a_time_in_which_it_was_slow_are_told_apart() =>
        Assert.Equal(
            3,
            Incident.Of([Ended(AlertRule.LatencyDrift, 0, 10_000), Ended(AlertRule.Unavailable, 100, 110), Ended(AlertRule.Unavailable, 5000, 5010)]).Count);

    [Fact]
    public void What_is_open_has_no_end_and_takes_in_what_comes_after_it()
    {
        var incident = Assert.Single(Incident.Of([new Alert(AlertRule.BurnTicket, At(500), Check.Caches, "default"), new Alert(AlertRule.Unavailable, At(0), Check.Caches, "default")]));

        Assert.Equal((At(0), null), (incident.Since, incident.Ended));
    }

    private static DateTimeOffset At(int minute) => Reports.Today.AddMinutes(minute);

    private static Alert Ended(AlertRule rule, int from, int to) => new(rule, At(from), Check.Caches, "default", At(to));
}
