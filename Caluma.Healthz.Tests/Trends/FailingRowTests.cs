using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>How many failing runs in a row are an outage.</summary>
public sealed class FailingRowTests
{
    [Theory]
    [InlineData("(.199 x)20 .9 | xxx", "+unavailable@12:02")]
    [InlineData("(.198 xx)4 .9 | xxx", "+unavailable@12:02")]
    [InlineData("(.198 xx)20 .9 | xxxx", "")]
    [InlineData("(.198 xx)20 .9 | xxxxx", "+unavailable@12:04")]
    public void Three_runs_are_an_outage_but_where_failures_come_in_pairs_and_often(string runs, string said) =>
        Assert.Equal(said, new Story { Slo = 99, Only = [AlertRule.Unavailable] }.Tell(runs));

    [Fact]
    public void Outages_of_the_days_before_make_none_slower_to_see() => Assert.EndsWith(
        "-unavailable@11:51 +unavailable@12:02",
        new Story { Slo = 99, Only = [AlertRule.Unavailable] }.Tell("(.9h x60)9 .10 | xxx"));

    [Fact]
    public void An_outage_begins_with_its_first_run_however_many_it_takes()
    {
        var story = new Story { Slo = 99 };
        story.Tell("(.198 xx)20 .9 | xxxxx");

        Assert.Equal(Story.Noon, story.State.Open.Single(alert => alert.Rule == AlertRule.Unavailable).Since);
    }

    /// <summary>At a share s of rows, of n runs in a month n * s ^ k begin k rows that follow directly upon each other.</summary>
    [Theory]
    [InlineData(60, 0.01, 11_520, 58, 58, 5)]
    [InlineData(60, 0.01, 11_520, 12, 12, 3)]
    [InlineData(60, 0.01, 11_520, 115, 1, 3)]
    [InlineData(60, 0.01, 11_520, 115, 58, 4)]
    [InlineData(5, 0.01, 138_240, 1382, 14, 4)]
    [InlineData(900, 0.01, 768, 4, 4, 3)]
    [InlineData(3600, 0.01, 192, 5, 5, 3)]
    [InlineData(5, 0.01, 500, 5, 5, 5)]
    [InlineData(5, 0.01, 400, 4, 4, 3)]
    [InlineData(2592, 0.1, 100, 10, 0, 4)]
    public void It_takes_so_many_that_chance_makes_fewer_than_one_in_ten_months(
        int seconds, double budget, int runs, int rows, int secondRuns, int expected) =>
        Assert.Equal(expected, Row(seconds, budget).RunsOfOutage(new RunCount(runs, 0, secondRuns, rows)));

    /// <summary>A system that fails more often than it may is not well.</summary>
    [Fact]
    public void A_strict_objective_takes_no_frequent_failures_for_chance() =>
        Assert.Equal((3, 5), (Row(60, 0.001).RunsOfOutage(new(1000, 0, 100, 100)), Row(60, 0.01).RunsOfOutage(new(1000, 0, 100, 100))));

    private static FailingRow Row(int seconds, double budget) => new(budget, TimeSpan.FromSeconds(seconds));
}
