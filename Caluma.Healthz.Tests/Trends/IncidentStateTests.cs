using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>What becomes of an incident with the next systems and runs.</summary>
public sealed class IncidentStateTests : IncidentLimits
{
    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(1, 2, true)]
    [InlineData(2, 7, false)]
    [InlineData(2, 8, true)]
    public void People_are_notified_of_the_first_system_that_joins_and_of_four_times_as_many(int notified, int systems, bool needsUpdate)
    {
        var incident = Open();
        incident.NotifiedSystems = notified;

        Join(incident, Check.Databases, [.. Enumerable.Range(1, systems - 1).Select(number => $"db{number}")]);

        Assert.Equal(systems, incident.Incident.Count);
        Assert.Equal(needsUpdate, incident.NeedsUpdate);
        Assert.Equal(Story.At("12:30"), incident.Joined);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void People_are_notified_of_a_check_that_joins_a_page(bool isTicket, bool needsUpdate)
    {
        var incident = Open(isTicket ? Severity.Warning : Severity.Critical);

        Join(incident, Check.DatabaseModels, "default");

        Assert.Equal(CheckSet.Of(Check.Databases, Check.DatabaseModels), incident.Incident.Checks);
        Assert.Equal(needsUpdate, incident.NeedsUpdate);
        Assert.Equal(Story.Noon, incident.Joined);
    }

    [Fact]
    public void Runs_of_other_systems_and_checks_change_nothing()
    {
        var incident = Open();

        incident.Add(Runs.At("12:05", Runs.Failed(Check.Databases, "other")));
        incident.Add(Runs.At("12:06", Runs.Failed(Check.DatabaseModels, "default")));
        incident.Add(Runs.At("12:07", Runs.Passed(Check.Databases, "other")));

        Assert.Equal((Story.Noon, null, true, false), (
            incident.LastFailure, incident.Incident.Recovered, incident.IsFailing, incident.HasRelapsed));
    }

    [Fact]
    public void A_system_that_fails_again_has_relapsed_for_good()
    {
        var incident = Open();
        var verdicts = new List<(bool, bool, string?)>();
        foreach (var (minute, ok) in new[] { (5, false), (6, true), (7, false), (8, true), (9, false), (10, false), (11, true) })
        {
            incident.Add(Runs.At($"12:{minute:00}", new CheckRecord(Check.Databases, "default", ok, 10)));
            verdicts.Add((incident.IsFailing, incident.HasRelapsed, $"{incident.Incident.Recovered:mm}"));
        }

        Assert.Equal(
            [
                (true, false, ""), (false, false, "06"), (true, true, ""), (false, true, "08"), (true, true, ""), (true, true, ""),
                (false, true, "11"),
            ],
            verdicts);
        Assert.Equal(Story.At("12:10"), incident.LastFailure);
    }

    /// <summary>Two processes may record the same tick.</summary>
    [Fact]
    public void A_run_that_passes_at_the_tick_of_the_last_failure_is_no_recovery()
    {
        var incident = Open();

        incident.Add(Runs.At("12:00", Runs.Passed(Check.Databases, "default")));

        Assert.Null(incident.Incident.Recovered);
    }

    [Fact]
    public void An_earlier_failure_does_not_put_back_the_last_one()
    {
        var incident = Open();

        incident.Add(Runs.At("11:59", Runs.Failed(Check.Databases, "default")));

        Assert.Equal(Story.Noon, incident.LastFailure);
    }

    [Fact]
    public void The_failures_of_a_system_after_the_end_are_counted_whichever_check_fails()
    {
        var incident = Open();
        incident.Incident = incident.Incident with { Resolved = Story.At("12:30") };

        incident.Add(Runs.At("12:31", Runs.Failed(Check.DatabaseModels, "default")));
        incident.Add(Runs.At("12:32", Runs.Failed(Check.Databases, "default")));
        incident.Add(Runs.At("12:33", Runs.Passed(Check.Databases, "default"), Runs.Failed(Check.Caches, "default", Reason.Full)));
        incident.Add(Runs.At("12:34", Runs.Passed(Check.Databases, "default")));

        Assert.Equal(2, incident.FailuresSince);
        Assert.Equal((Story.Noon, false), (incident.LastFailure, incident.HasRelapsed));
    }

    private static IncidentState Open(Severity severity = Severity.Critical) => StateOf(Database("12:00", severity: severity));

    private static void Join(IncidentState incident, Check check, params string[] targets) => incident.Join(
        AffectedSystems.Merge(AffectedSystems.Of(
            targets.Select(target => new Alert(AlertRule.Unavailable, Story.Noon, check, target)))),
        Story.At("12:30"));
}
