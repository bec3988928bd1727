using System.Text.Json;
using Caluma.Healthz.History;
using FsCheck;
using FsCheck.Xunit;

namespace Caluma.Healthz.Tests.History;

[Properties(Arbitrary = [typeof(AnyLatency)])]
public sealed class LatencyHistogramTests
{
    /// <summary>One percent, and rounding errors.</summary>
    private const double Within = 0.01 + 1e-9;

    [Property(MaxTest = 1000)]
    public void A_quantile_is_within_one_percent_of_the_nearest_rank(NonEmptyArray<double> values)
    {
        var histogram = Latencies.Of(values.Get);
        var sorted = values.Get.Order().ToArray();
        foreach (var percent in new[] { 0, 1, 25, 50, 75, 95, 99, 100 })
        {
            var exact = sorted[Math.Max(1, ((percent * sorted.Length) + 99) / 100) - 1];
            Assert.Equal(exact, Assert.NotNull(histogram.Quantile(percent / 100.0)), exact * Within);
        }
    }

    [Property]
    public void A_logarithm_is_within_one_hundredth(NonEmptyArray<double> values)
    {
        var logarithms = Latencies.Of(values.Get).Logarithms.SelectMany(pair => Enumerable.Repeat(pair.Logarithm, pair.Count));

        Assert.All(
            values.Get.Order().Zip(logarithms, (value, logarithm) => Math.Log(value) - logarithm),
            error => Assert.InRange(error, -Within, Within));
        Assert.Equal(values.Get.Length, logarithms.Count());
    }

    [Property]
    public void A_merged_histogram_equals_one_with_all_values(double[] ones, double[] others)
    {
        var (merged, other) = (Latencies.Of(ones), Latencies.Of(others));
        merged.Merge(other);

        AssertSame(Latencies.Of([.. ones, .. others]), merged);
        merged.Add(1);
        AssertSame(Latencies.Of(others), other);
    }

    [Property]
    public void The_order_of_values_does_not_matter(double[] values, int seed)
    {
        var shuffled = values.ToArray();
        new System.Random(seed).Shuffle(shuffled);

        AssertSame(Latencies.Of(values), Latencies.Of(shuffled));
    }

    [Property]
    public void A_histogram_is_read_back_as_it_was_written(double[] values) =>
        AssertSame(Latencies.Of(values), Read(JsonSerializer.Serialize(Latencies.Of(values))));

    [Fact]
    public void Only_buckets_with_values_are_written() => Assert.Equal("[0,2,117,1]", JsonSerializer.Serialize(Latencies.Of([1, 1, 10])));

    [Fact]
    public void The_first_and_last_bucket_and_the_largest_sum_are_read() => Assert.Equal(
        [(-232, 1), (923, int.MaxValue - 1)], Read("[-232,1,923,2147483646]").Buckets);

    [Fact]
    public void An_empty_histogram_has_no_quantile()
    {
        Assert.Null(new LatencyHistogram().Quantile(0.5));
        Assert.Equal("[]", JsonSerializer.Serialize(new LatencyHistogram()));
    }

    [Theory]
    [InlineData(0, 0.01)]
    [InlineData(-1, 0.01)]
    [InlineData(0.001, 0.01)]
    [InlineData(double.NegativeInfinity, 0.01)]
    [InlineData(86_400_000, 86_400_000)]
    [InlineData(1e12, 86_400_000)]
    [InlineData(double.PositiveInfinity, 86_400_000)]
    public void Values_below_10_microseconds_or_over_a_day_count_as_these_limits(double value, double countsAs) =>
        Assert.Equal(countsAs, Assert.NotNull(Latencies.Of([value]).Quantile(1)), countsAs * Within);

    [Theory]
    [InlineData("1")]
    [InlineData("\"\"")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("""{"0":1}""")]
    [InlineData("[0]")]
    [InlineData("[0,1,2]")]
    [InlineData("[0,1")]
    [InlineData("[0,0]")]
    [InlineData("[0,-1]")]
    [InlineData("[0,1.5]")]
    [InlineData("[0.5,1]")]
    [InlineData("[0,null]")]
    [InlineData("[null,1]")]
    [InlineData("""["0",1]""")]
    [InlineData("""[0,1,"x"]""")]
    [InlineData("[[0,1]]")]
    [InlineData("[0,[1]]")]
    [InlineData("[0,1,{}]")]
    [InlineData("[-233,1]")]
    [InlineData("[924,1]")]
    [InlineData("[0,2147483648]")]
    [InlineData("[99999999999,1]")]
    [InlineData("[0,2147483647,0,2147483647]")]
    [InlineData("[0,2147483647,1,2147483647]")]
    public void An_invalid_histogram_is_refused(string json)
    {
        Assert.Throws<JsonException>(() => Read(json));
        Assert.ThrowsAny<JsonException>(() =>
            JsonSerializer.Deserialize<Dictionary<string, LatencyHistogram>>($$"""{"a":{{json}},"b":[]}"""));
    }

    private static LatencyHistogram Read(string json) => JsonSerializer.Deserialize<LatencyHistogram>(json)!;

    private static void AssertSame(LatencyHistogram expected, LatencyHistogram actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Buckets, actual.Buckets);
    }
}
