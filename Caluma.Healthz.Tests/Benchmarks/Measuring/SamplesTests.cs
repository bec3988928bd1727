using Caluma.Healthz.Benchmarks.Measuring;

namespace Caluma.Healthz.Tests.Benchmarks.Measuring;

public sealed class SamplesTests
{
    [Theory]
    [InlineData(3.0, 3.0)]
    [InlineData(2.0, 1.0, 9.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 3.0, 2.0)]
    public void The_median_is_the_middle_or_between_the_two_of_them(double median, params double[] values) =>
        Assert.Equal(median, new Samples(values).Median);

    [Fact]
    public void The_spread_is_from_the_smallest_to_the_largest() =>
        Assert.Equal((1.0, 9.0), (new Samples(2, 9, 1).Min, new Samples(2, 9, 1).Max));

    [Fact]
    public void Ratios_are_taken_round_by_round()
    {
        // The second round was slow for both: the ratio of the medians would say 2.2.
        var ratio = new Samples(2, 20, 2.2).Over(new Samples(1, 10, 1));

        Assert.Equal([2, 2, 2.2], ratio.Values);
        Assert.Equal(2, ratio.Median);
    }

    [Fact]
    public void Other_rounds_cannot_be_compared()
    {
        var problem = Assert.Throws<ArgumentException>(() => new Samples(1, 2).Over(new Samples(1)));

        Assert.StartsWith("2 rounds cannot be compared with 1.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_has_no_median() => Assert.Throws<ArgumentException>(() => new Samples());
}
