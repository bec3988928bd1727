using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>When critical alerts open a page, join one, or keep one open.</summary>
public sealed class PagedIncidentTests : IncidentLimits
{
    private static readonly Alert _missing = new(AlertRule.MissingData, Story.At("17:50")) { Triggered = Story.At("17:55") };

    private static Incident Recording => new(
        "recording-probe-20261122T170000Z", AffectedSystem.RecordingKind, AffectedSystem.ProbeKind, CheckSet.Of(), Severity.Critical,
        Story.At("17:00"), Story.At("17:00"), 1);

    [Theory]
    [InlineData("17:30", true)]
    [InlineData("17:29", false)]
    public void A_system_of_its_kind_joins_a_page_within_half_an_hour(string opened, bool joins)
    {
        Has(Database(opened, target: "other"));
        HasAlert(AlertRule.Unavailable, opened, target: "other");
        HasAlert(AlertRule.Unavailable, Now);

        Assert.Equal(joins ? [] : ["opened database-default-20261122T180000Z"], Advance(Failing).Where(IsOpened));
        Assert.Equal(joins ? 2 : 1, Incidents[0].Count);
    }

    [Fact]
    public void What_a_network_cuts_off_does_not_join_the_page_of_a_part_of_it()
    {
        Has(Database("17:45", target: "c"));
        HasAlert(AlertRule.Unavailable, "17:45", target: "c");
        HasAlert(AlertRule.Unavailable, Now, target: "a");
        HasAlert(AlertRule.Unavailable, Now, target: "b");
        HasAlert(AlertRule.Unavailable, Now, check: Check.Caches);

        var changes = Advance(Runs.At(
            Now, Runs.Failed(Check.Databases, "a"), Runs.Failed(Check.Databases, "b"), Runs.Failed(Check.Caches, "default"),
            Runs.Passed(Check.MediaStorageService, "default")));

        Assert.Equal(["opened systems-20261122T180000Z"], changes);
    }

    /// <remarks>One check that passes does not show that the probe works.</remarks>
    [Fact]
    public void Where_each_system_fails_the_probe_does_although_one_of_its_checks_passes()
    {
        HasAlert(AlertRule.Unavailable, Now);
        HasAlert(AlertRule.Unavailable, Now, check: Check.Caches);

        var changes = Advance(Runs.At(
            Now,
            Runs.Failed(Check.Databases, "default"),
            Runs.Passed(Check.DatabaseModels, "default"),
            Runs.Failed(Check.Caches, "default")));

        Assert.Equal(["opened probe-20261122T180000Z"], changes);
    }

    [Fact]
    public void The_alert_that_was_triggered_first_has_opened_it_and_it_began_with_the_one_that_began_first()
    {
        HasAlert(AlertRule.BurnSlow, Now, since: "16:00");
        HasAlert(AlertRule.BurnFast, "17:59", since: "17:00");

        Assert.Equal(["opened database-default-20261122T160000Z"], Advance(Failing));
        Assert.Equal(AlertRule.BurnFast, State.Incidents[0].OpenedBy);
        Assert.Equal(Story.At("16:00"), Incidents[0].Started);
    }

    [Theory]
    [InlineData("17:31", false)]
    [InlineData("17:30", true)]
    public void A_page_that_follows_one_within_half_an_hour_reopens_it(string resolved, bool isNew)
    {
        Has(Database("17:00", resolved));
        HasAlert(AlertRule.Unavailable, Now, since: "17:58");

        Assert.Equal([isNew ? "opened database-default-20261122T175800Z" : "updated database-default-20261122T170000Z"], Advance(Failing));
        Assert.Equal(isNew ? 2 : 1, Incidents.Count);
    }

    [Fact]
    public void A_page_of_several_systems_reopens_that_of_one_of_them()
    {
        Has(Database("17:00", "17:45", target: "other"));
        HasAlert(AlertRule.Unavailable, Now);
        HasAlert(AlertRule.Unavailable, Now, target: "other");

        var changes = Advance(Runs.At(
            Now, Runs.Failed(Check.Databases, "default"), Runs.Failed(Check.Databases, "other"), Runs.Passed(Check.Caches, "default")));

        Assert.Equal(["updated database-other-20261122T170000Z"], changes);
        Assert.Equal((2, 2, null), (Incidents.Single().Count, Incidents[0].Notifications, Incidents[0].Resolved));
        Assert.True(State.Incidents[0].HasRelapsed);
    }

    /// <remarks>The window of a burn rate may hold the failures of the page before.</remarks>
    [Theory]
    [InlineData("14:59", "17:50", "17:50")]
    [InlineData("15:00", "17:50", "17:50")]
    [InlineData("15:01", "17:50", "15:01")]
    [InlineData("14:00", "15:00", "18:00")]
    [InlineData("14:00", "14:59", "18:00")]
    public void A_page_begins_after_the_one_before(string one, string other, string started)
    {
        Has(Database("14:00", "15:00"));
        State.Incidents[0].FailuresSince = 3;
        HasAlert(AlertRule.BurnSlow, "17:59", since: one);
        HasAlert(AlertRule.BurnFast, Now, since: other);

        Assert.Equal([$"opened database-default-20261122T{started.Replace(":", "", StringComparison.Ordinal)}00Z"], Advance(Failing));
    }

    [Fact]
    public void A_page_has_an_id_of_its_own()
    {
        Has(Database("17:00", "17:05"), Database("16:00", "16:30"));
        State.Incidents[1].FailuresSince = 3;
        HasAlert(AlertRule.BurnFast, Now, since: "17:00");

        Assert.Equal(["opened database-default-20261122T180000Z"], Advance(Failing));
    }

    [Fact]
    public void Missing_runs_are_one_page_that_has_recovered_with_the_run_that_shows_them()
    {
        State.Open.Add(_missing);
        Assert.Equal(["opened recording-probe-20261122T175000Z"], Advance(Passing, _missing));
        Assert.Equal(Story.At(Now), Incidents[0].Recovered);

        Assert.Empty(Advance(Passing, _missing));
        Assert.Single(Incidents);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_page_of_missing_runs_ends_with_its_alert(bool isOpen)
    {
        Has(Recording);
        if (isOpen)
        {
            State.Open.Add(_missing);
        }

        Assert.Equal(isOpen ? [] : ["resolved recording-probe-20261122T170000Z"], Advance(Passing));
    }

    [Fact]
    public void A_page_that_is_over_needs_no_update()
    {
        Has(Database("17:00"));
        State.Incidents[0].NeedsUpdate = true;

        Assert.Equal(["resolved database-default-20261122T170000Z"], Advance(Passing));
        Assert.False(State.Incidents[0].NeedsUpdate);
    }

    [Fact]
    public void Of_more_than_a_hundred_the_oldest_that_are_over_are_forgotten()
    {
        var past = Enumerable.Range(0, 99).Select(number => Database("10:00", "11:00", target: $"db{number}"));
        Has([Ticket("09:00"), .. past]);
        HasAlert(AlertRule.LatencyDrift, "09:00");
        Advance(Passing);
        Assert.Equal(100, Incidents.Count);

        Has(Database("12:00", "13:00"), Database("12:00", "13:00"));
        Advance(Passing);

        Assert.Equal(["default", .. Enumerable.Range(2, 97).Select(number => $"db{number}"), "default", "default"],
            Incidents.Select(incident => incident.Target));
    }

    [Fact]
    public void The_next_step_is_that_of_the_login_where_other_checks_fail_too()
    {
        var incident = Database("12:00") with
        {
            Checks = CheckSet.Of(Check.Caches, Check.Databases),
            Reason = Reason.Missing,
        };

        Assert.Equal(Next(Check.Databases), incident.Next);
        Assert.NotEqual(Next(Check.Caches), incident.Next);
        Assert.StartsWith("Look first at what these share", (incident with { System = "systems", Target = "systems" }).Next);

        static string Next(Check check) => (Database("12:00") with { Checks = CheckSet.Of(check), Reason = Reason.Missing }).Next;
    }

    private static bool IsOpened(string change) => change.StartsWith("opened", StringComparison.Ordinal);
}
