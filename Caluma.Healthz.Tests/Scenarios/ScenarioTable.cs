using System.Collections;

namespace Caluma.Healthz.Tests.Scenarios;

/// <summary>The recorded scenarios of one area by name.</summary>
internal sealed class ScenarioTable : IEnumerable<Scenario>
{
    private readonly Dictionary<string, Scenario> _scenarios = [];

    /// <summary>The names of those that the theory of the table tests.</summary>
    public TheoryData<string> Arranged => [.. from scenario in this where scenario.IsTabled select scenario.Name];

    public Scenario this[string name] => _scenarios[name];

    public void Add(Scenario scenario) => _scenarios.Add(scenario.Name, scenario);

    public IEnumerator<Scenario> GetEnumerator() => _scenarios.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
