namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>The tables have all 97 recorded scenarios of a real Caluma 9.3.3.</summary>
[Slow]
public sealed class ScenarioTableTests
{
    private static readonly List<Scenario> _all =
    [
        .. RequestScenarios.Recorded, .. CacheScenarios.Recorded, .. DatabaseScenarios.Recorded, .. MigrationScenarios.Recorded,
        .. MediaStorageScenarios.Recorded,
    ];

    [Fact]
    public void Every_recorded_scenario_is_accounted_for_once()
    {
        Assert.Equal(97, _all.Count);
        Assert.Equal(97, _all.DistinctBy(scenario => scenario.Name).Count());
    }

    [Fact]
    public void Wherever_the_probe_answers_differently_the_table_says_why()
    {
        Assert.All(_all, scenario => Assert.Equal(scenario.Differs is null, scenario.Because is null));
        Assert.All(_all, scenario => Assert.True(scenario.Ours is not null || scenario.NotApplicable is not null, scenario.Name));
    }
}
