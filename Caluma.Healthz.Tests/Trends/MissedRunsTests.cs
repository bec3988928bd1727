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
            ticks.Add(Story.Run(At(tick), '.'));
        }

        var found = new MissedRuns(new HealthzOptions()).Find(ticks, At("12:00"), At(now), _ => false);

        Assert.Equal(first is null ? null : (At(first), At(third!)), found);
    }

    private static DateTimeOffset At(string time) =>
        new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.Parse(time, null);
}
