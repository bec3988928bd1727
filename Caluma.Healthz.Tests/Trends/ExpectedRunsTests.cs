using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>How many runs a schedule has in a window.</summary>
public sealed class ExpectedRunsTests
{
    [Theory]
    [InlineData("0 * * * * *", "12:30", "01:30", 90)]
    [InlineData("0 */5 * * * *", "12:33", "00:30", 6)]
    [InlineData("0 */5 * * * *", "12:33", "3.00:00", 864)]
    public void An_even_schedule_has_its_windows_divided_by_its_interval(string schedule, string now, string window, int runs) =>
        Assert.Equal(runs, In(schedule, now, window));

    [Theory]
    [InlineData("0 0,10,40 * * * *", "12:30", "00:30", 2)]
    [InlineData("0 0,10,40 * * * *", "12:40", "00:30", 1)]
    [InlineData("0 0,10,40 * * * *", "12:41", "00:30", 1)]
    public void Of_a_window_below_an_hour_the_runs_in_it_count(string schedule, string now, string window, int runs) =>
        Assert.Equal(runs, In(schedule, now, window));

    /// <summary>Those that begin in the window, as buckets do.</summary>
    [Theory]
    [InlineData("0 0,10,40 12 * * *", "12:05", "01:00", 3)]
    [InlineData("0 0,10,40 * * * *", "12:30", "03:00", 9)]
    [InlineData("0 0,10,40 * * * *", "12:00", "03:00", 9)]
    [InlineData("0 0,10,40 9 * * *", "12:00", "03:00", 0)]
    [InlineData("0 0,10,40 9 * * *", "12:00", "1.00:00", 3)]
    public void Of_a_longer_window_whole_hours_count(string schedule, string now, string window, int runs) =>
        Assert.Equal(runs, In(schedule, now, window));

    [Fact]
    public void A_window_is_counted_the_same_however_many_were_counted_before()
    {
        var expected = new ExpectedRuns(Schedule.Parse("0 0,10,40 * * * *", out _)!);

        for (var hour = 0; hour < 1200; hour++)
        {
            Assert.Equal(6, expected.In(Story.Noon.AddHours(hour), TimeSpan.FromHours(2)));
        }
    }

    private static int In(string schedule, string now, string window) =>
        new ExpectedRuns(Schedule.Parse(schedule, out _)!).In(Story.At(now), TimeSpan.Parse(window, CultureInfo.InvariantCulture));
}
