using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Three ticks of a schedule without a run. <see cref="MissingDataTests"/> has the rule.</summary>
public sealed class MissedRunsTests
{
    [Theory]
    [InlineData("12:00", "12:03", null, null)]
    [InlineData("12:00", "12:04", "12:01", "12:03")]
    [InlineData("12:00", "13:00", "12:01", "12:03")]
    [InlineData("12:00 12:02", "12:05", null, null)]
    [InlineData("12:00 12:02", "12:06", "12:03", "12:05")]
    public void The_first_three_in_a_row_are_found(string seen, string now, string? first, string? third)
    {
        var ticks = new TickSet();
        foreach (var tick in seen.Split(' '))
        {
            ticks.Add(Story.Run(Story.At(tick), '.'));
        }

        var found = new MissedRuns(new HealthzOptions()).Find(ticks, Story.At("12:00"), Story.At(now), _ => false);

        Assert.Equal(first is null ? null : (Story.At(first), Story.At(third!)), found);
    }

    [Fact]
    public void The_first_tick_after_maintenance_is_missing()
    {
        var options = new HealthzOptions();
        options.Maintenance.Add(new MaintenanceWindow(Story.At("12:01"), Story.At("12:04")));

        Assert.Equal(
            (Story.At("12:04"), Story.At("12:06")),
            new MissedRuns(options).Find(new TickSet(), Story.At("12:00"), Story.At("12:07"), _ => false));
    }

    [Fact]
    public void After_those_that_are_known_the_search_goes_on_with_the_next_run()
    {
        var ticks = new TickSet();
        ticks.Add(Story.Run(Story.At("12:05"), '.'));

        Assert.Equal(
            (Story.At("12:06"), Story.At("12:08")),
            new MissedRuns(new HealthzOptions()).Find(ticks, Story.At("12:00"), Story.At("12:10"), first => first == Story.At("12:01")));
    }
}
