namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>What <see cref="SimulationTests"/> runs a part of. A workflow runs more each week, by <c>./dev simulate</c>.</summary>
[Slow(Because = "A thousand seeds take 17 s of a processor.")]
public sealed class MoreSimulationTests
{
    private const int Seeds = 1000;

    [Fact]
    public void A_thousand_more_seeds_hold() => Assert.Equal("", SimulationCommand.Run(from: 1000, Seeds, TextWriter.Null));
}
