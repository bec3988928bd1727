using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Tests.Benchmarks.Measuring;

public sealed class RowTests
{
    private static readonly Row _row = new("start", "s", new Samples(1, 2, 3)) { Against = "an empty app", Theirs = new Samples(2, 4, 4) };

    [Fact]
    public void A_ratio_goal_is_held_against_the_median_of_the_ratios()
    {
        Assert.True((_row with { Goal = Goal.MaxRatio(0.5) }).IsMet);
        Assert.False((_row with { Goal = Goal.MaxRatio(0.49) }).IsMet);
        Assert.True((_row with { Goal = Goal.MinRatio(0.5) }).IsMet);
        Assert.False((_row with { Goal = Goal.MinRatio(0.51) }).IsMet);
    }

    [Fact]
    public void A_goal_of_a_value_is_held_against_the_median()
    {
        Assert.True((_row with { Goal = Goal.Max(2) }).IsMet);
        Assert.False((_row with { Goal = Goal.Max(1.9) }).IsMet);
    }

    [Fact]
    public void Without_a_goal_there_is_none_to_meet() => Assert.Null(_row.IsMet);

    [Fact]
    public void What_is_not_compared_has_no_ratio() => Assert.Null((_row with { Theirs = null }).Ratio);
}
