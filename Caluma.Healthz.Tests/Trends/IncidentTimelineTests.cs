using Caluma.Healthz.Trends;
using static Caluma.Healthz.Tests.Trends.IncidentEngineTests;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The timeline of an incident. Runs are written as in <see cref="IncidentEngineTests"/>.</summary>
public sealed class IncidentTimelineTests
{
    [Fact]
    public void A_timeline_goes_from_the_first_failure_to_the_end()
    {
        var incident = Assert.Single(Replayed(("d", ".5 x12 .20 xxx .60"), ("m", ".9 x8 .20 xxx .60")).Incidents);

        Assert.Equal(("12:05", "12:40"), (Time(incident.Started), Time(incident.Recovered!.Value)));
        Assert.Equal(
            [
                "opened 12:07 databases", "updated 12:12 databases, database models", "resolved 12:26 databases, database models",
                "updated 12:39 databases, database models", "resolved 13:09 databases, database models",
            ],
            incident.Timeline.Select(moment =>
                $"{moment.Event.Name()} {Time(moment.Tick)} {string.Join(", ", moment.Checks.Members.Select(check => check.Key()))}"));
        Assert.Equal(incident.Notifications, incident.Timeline.Count(moment => moment.Event != IncidentEvent.Resolved));
    }

    [Theory]
    [InlineData(".5 x9", null)]
    [InlineData(".5 x9 .2", "12:14")]
    [InlineData(".5 x9 .2 x", null)]
    [InlineData(".5 x9 .2 x ..", "12:17")]
    public void A_page_has_recovered_with_the_first_run_that_passed_after_the_last_failure(string runs, string? recovered) =>
        Assert.Equal(recovered, Assert.Single(Replayed(("d", runs)).Incidents).Recovered is { } time ? Time(time) : null);

    [Fact]
    public void The_next_step_stays_the_same_when_checks_join()
    {
        var opened = Replayed(("m", "x3"), ("d", ".3")).Incidents[0];
        var joined = Replayed(("m", "x30"), ("d", "...x27")).Incidents[0];

        Assert.NotEqual(opened.Checks, joined.Checks);
        Assert.Equal((opened with { Reason = Reason.Busy }).Next, (joined with { Reason = Reason.Busy }).Next);
        Assert.Contains("caluma_logging_accesslog", (joined with { Reason = Reason.Busy }).Next, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_that_flaps_for_weeks_keeps_the_beginning_and_the_end_of_its_timeline()
    {
        var incident = Assert.Single(Replayed(("d", string.Concat(Enumerable.Repeat("x3 .35 ", 90)))).Incidents);

        Assert.Equal(40, incident.Timeline.Count);
        Assert.Equal((IncidentEvent.Opened, "12:02"), (incident.Timeline[0].Event, Time(incident.Timeline[0].Tick)));
        Assert.Equal(incident.Resolved, incident.Timeline[^1].Tick);
    }
}
