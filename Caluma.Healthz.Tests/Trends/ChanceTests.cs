using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The least numbers of failures, compared with scipy's binomial distribution.</summary>
public sealed class ChanceTests
{
    [Theory]
    [InlineData(0.005, 60, 1, 5)]
    [InlineData(0.005, 360, 1, 10)]
    [InlineData(0.005, 1440, 1, 20)]
    [InlineData(0.005, 4320, 1, 41)]
    [InlineData(0.01, 60, 1, 7)]
    [InlineData(0.01, 4320, 1, 71)]
    [InlineData(0.001, 60, 1, 4)]
    [InlineData(0.005, 12, 5, 3)]
    [InlineData(0.005, 12, 15, 3)]
    [InlineData(0.01, 12, 15, 4)]
    [InlineData(0.05, 1, 43_200, 1)]
    [InlineData(0.06, 1, 43_200, 1)]
    public void Chance_makes_fewer_than_six_alerts_in_a_hundred_months(double probability, int runs, int minutes, int failures) =>
        Assert.Equal(failures, Chance.MinFailures(probability, runs, TimeSpan.FromMinutes(minutes)));

    [Theory]
    [InlineData(0.5, 51_840)]
    [InlineData(0.00001, 1)]
    [InlineData(0.5, 1)]
    public void Any_window_has_a_least_number_of_failures(double probability, int runs) =>
        Assert.InRange(Chance.MinFailures(probability, runs, TimeSpan.FromSeconds(5)), 1, runs + 1);
}
