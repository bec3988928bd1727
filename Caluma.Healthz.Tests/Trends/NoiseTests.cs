using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>A smaller version of <c>./dev bench --alerts</c> over simulated months and incidents.</summary>
[Slow(Because = "simulated months take minutes")]
public sealed class NoiseTests
{
    public static TheoryData<string> Incidents => [.. TrueIncident.All.Select(incident => incident.Name)];

    public static TheoryData<string> Changes => [.. TrueChange.All.Select(change => change.Name)];

    /// <summary>Profiles with few runs a month; the others are in the benchmark.</summary>
    public static TheoryData<string> Sparse =>
        [.. Profiles.Healthy.Where(profile => profile.Options.Schedule.Interval >= TimeSpan.FromMinutes(15))
            .Select(profile => profile.Name)];

    [Theory]
    [MemberData(nameof(Sparse))]
    public void A_healthy_month_is_quiet(string name)
    {
        var profile = Profiles.Healthy.Single(profile => profile.Name == name);

        // At a rate of 0.2 a month, more than four alerts in five months have a probability of 0.4 %: three standard errors.
        var expected = 5 * profile.MaxAlertsPerMonth;
        var found = Enumerable.Range(1, 5).Sum(seed => NoiseBenchmark.Alerts(profile, seed).Values.Sum());
        Assert.InRange(found, 0, expected + (3 * Math.Sqrt(expected)));
    }

    [Theory]
    [MemberData(nameof(Incidents))]
    public void An_incident_is_one_page_in_time(string name)
    {
        var incident = TrueIncident.All.Single(incident => incident.Name == name);

        // The first seed is replayed by LoggedIncidentTests.
        var result = incident.Replay(seed: 2);

        Assert.InRange(result.Pages, incident.MaxMinutes is null ? 0 : 1, incident.MaxPages);
        Assert.True(incident.MaxMinutes is null || result.FirstPage <= incident.MaxMinutes, $"{result}");
    }

    [Fact]
    public void A_partial_failure_is_a_ticket_and_no_page()
    {
        var incident = TrueIncident.All.Single(incident => incident.Name.StartsWith("brown-out", StringComparison.Ordinal));

        Assert.Equal((0, 1, null), (incident with { DaysBefore = 9 }).Replay(1));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_true_change_is_seen_in_time(string name)
    {
        var change = TrueChange.All.Single(change => change.Name == name);
        var seeds = change.Profile.Options.Schedule.Interval < TimeSpan.FromMinutes(15) ? 3 : 21;
        var delays = Enumerable.Range(1, seeds).Select(seed => change.Delay(seed)?.TotalHours ?? double.PositiveInfinity).Order().ToList();

        Assert.InRange(delays[seeds / 2], 0, change.MaxHours);
    }
}
