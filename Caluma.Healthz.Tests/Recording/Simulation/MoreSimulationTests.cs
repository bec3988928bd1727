namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>What <see cref="SimulationTests"/> runs a part of. A workflow runs more each week, by <c>./dev simulate</c>.</summary>
[Slow(Because = "Ten thousand seeds take two minutes of a processor.")]
public sealed class MoreSimulationTests
{
    private const int Seeds = 10_000;

    [Fact]
    public void Ten_thousand_more_seeds_hold() => Assert.Equal("", SimulationCommand.Run(from: 1000, Seeds, TextWriter.Null));
}
