namespace Caluma.Healthz.Tests.Recording.Simulation;

/// <summary>
/// What recording promises holds when the storage fails and processes are killed: <see cref="Simulation"/>. A seed that fails prints its
/// number and its last steps; <c>./dev simulate --from NUMBER</c> prints all of them, and <c>--seeds</c> runs more seeds.
/// </summary>
public sealed class SimulationTests
{
    private const int Seeds = 50;

    [Fact]
    public void When_the_storage_fails_no_record_is_lost_and_each_is_counted_judged_and_announced_once() =>
        Assert.Equal("", SimulationCommand.Run(from: 0, Seeds, TextWriter.Null));

    /// <summary>Those that have failed, far from the others, for a fault of what they prove or of the proof.</summary>
    [Theory]
    [InlineData(8_421)]
    [InlineData(22_013)]
    [InlineData(29_248)]
    [InlineData(42_305)]
    [InlineData(62_232)]
    [InlineData(78_166)]
    [InlineData(89_883)]
    [InlineData(114_534)]
    [InlineData(134_884)]
    [InlineData(160_470)]
    [InlineData(170_805)]
    [InlineData(179_727)]
    [InlineData(187_004)]
    [InlineData(197_035)]
    [InlineData(261_153)]
    [InlineData(296_247)]
    [InlineData(330_896)]
    [InlineData(656_569)]
    [InlineData(698_248)]
    [InlineData(753_706)]
    [InlineData(935_845)]
    [InlineData(953_015)]
    public void A_seed_that_has_failed_holds(int seed) => Assert.Equal("", SimulationCommand.Run(seed, 1, TextWriter.Null));

    [Fact]
    public void A_seed_says_all_that_happens()
    {
        var (once, again) = (new List<string>(), new List<string>());
        Simulation.Run(7, once);
        Simulation.Run(7, again);

        Assert.NotEmpty(once);
        Assert.Equal(once, again);
    }
}
