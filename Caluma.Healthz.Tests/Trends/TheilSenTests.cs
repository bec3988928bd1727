using Caluma.Healthz.Trends;
using FsCheck;
using FsCheck.Xunit;

namespace Caluma.Healthz.Tests.Trends;

public sealed class TheilSenTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(168)]
    public void A_line_is_found_exactly(int points)
    {
        var line = TheilSen.Fit([.. Enumerable.Range(0, points).Select(x => ((double)x, 7 - (0.5 * x)))]);

        Assert.Equal((-0.5, 7), (line.Slope, line.Intercept));
        Assert.Equal(2, line.At(10));
    }

    [Fact]
    public void Points_need_not_be_evenly_spaced_nor_in_order() =>
        Assert.Equal(new TheilSen(3, 1), TheilSen.Fit([(10, 31), (-2, -5), (0, 1), (0.5, 2.5)]));

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Outliers_below_29_percent_change_nothing(int sign)
    {
        // The worst case: all outliers are at one end and to the same side. From a share of 1 - sqrt(1/2) on, half of all slopes are off.
        (double, double)[] Points(int good) => [.. Enumerable.Range(0, 100).Select(x => ((double)x, x < good ? 2.0 * x : sign * 1e6 * x))];

        Assert.Equal(new TheilSen(2, 0), TheilSen.Fit(Points(71)));
        Assert.NotEqual(2, TheilSen.Fit(Points(70)).Slope);
    }

    [Theory]
    [InlineData(new double[] { 4 }, 4)]
    [InlineData(new double[] { 4, 1 }, 2.5)]
    [InlineData(new double[] { 9, 1, 4 }, 4)]
    [InlineData(new double[] { 9, 1, 5, 4 }, 4.5)]
    [InlineData(new double[] { 2, 2, 2, 9, 9 }, 2)]
    [InlineData(new double[] { double.MaxValue, -1, 0 }, 0)]
    public void The_median_is_the_middle_value_or_between_the_two_middle_ones(double[] values, double median) =>
        Assert.Equal(median, TheilSen.Median(values));

    [Property(MaxTest = 1000)]
    public void The_median_is_that_of_the_sorted_values(NonEmptyArray<int> values)
    {
        double[] any = [.. values.Get];
        double[] sorted = [.. any.Order()];

        Assert.Equal((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, TheilSen.Median(any));
    }
}
