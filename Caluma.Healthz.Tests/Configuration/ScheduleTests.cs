using System.Globalization;
using Caluma.Healthz.Configuration;
using FsCheck.Xunit;

namespace Caluma.Healthz.Tests.Configuration;

public sealed class ScheduleTests
{
    [Theory]
    [InlineData("0 * * * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:01:00Z")]
    [InlineData("* * * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:01:00Z")]
    [InlineData("0 * * * * *", "2026-11-22T11:59:59.9999999Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 * * * * *", "2026-11-22T12:00:00.0000001Z", "2026-11-22T12:01:00Z")]
    [InlineData("*/5 * * * * *", "2026-11-22T12:00:57Z", "2026-11-22T12:01:00Z")]
    [InlineData("30 */15 * * * *", "2026-11-22T12:45:30Z", "2026-11-22T13:00:30Z")]
    [InlineData("0 9-17 * * 1-5", "2026-11-20T17:00:00Z", "2026-11-23T09:00:00Z")]
    [InlineData("0 0 9-17 * * MON-FRI", "2026-11-20T17:00:00Z", "2026-11-23T09:00:00Z")]
    [InlineData("0 0 0 1 1 *", "2026-11-22T12:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z")]
    [InlineData("0 0 0 29 2 *", "2026-11-22T12:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2096-02-29T00:00:00Z", "2104-02-29T00:00:00Z")]
    [InlineData("0 0 12 * * *", "2026-11-22T13:00:00+02:00", "2026-11-22T12:00:00Z")]
    public void The_next_occurrence_is_after_the_time(string expression, string time, string next) =>
        Assert.Equal(At(next), Of(expression).Next(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("0 * * * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("* * * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 * * * * *", "2026-11-22T11:59:59.9999999Z", "2026-11-22T11:59:00Z")]
    [InlineData("0 * * * * *", "2026-11-22T12:00:59.9999999Z", "2026-11-22T12:00:00Z")]
    [InlineData("*/5 * * * * *", "2026-11-22T12:00:04Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 0 * * * *", "2026-11-22T12:59:59Z", "2026-11-22T12:00:00Z")]
    [InlineData("0 0 9-17 * * 1-5", "2026-11-23T08:59:59Z", "2026-11-20T17:00:00Z")]
    [InlineData("0 0 0 1 * *", "2026-12-31T23:59:59Z", "2026-12-01T00:00:00Z")]
    [InlineData("0 0 0 31 * *", "2026-12-30T00:00:00Z", "2026-10-31T00:00:00Z")]
    [InlineData("0 0 0 1 1 *", "2026-12-31T23:59:59Z", "2026-01-01T00:00:00Z")]
    [InlineData("59 59 23 31 12 *", "2026-12-31T23:59:58Z", "2025-12-31T23:59:59Z")]
    [InlineData("0 0 0 29 2 *", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2028-02-28T23:59:59Z", "2024-02-29T00:00:00Z")]
    [InlineData("0 0 0 29 2 *", "2104-02-28T23:59:59Z", "2096-02-29T00:00:00Z")]
    [InlineData("0 0 12 * * *", "2026-11-22T13:00:00+02:00", "2026-11-21T12:00:00Z")]
    public void The_last_occurrence_is_not_after_the_time(string expression, string time, string last) =>
        Assert.Equal(At(last), Of(expression).Last(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("0 * * * * *", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z", 60)]
    [InlineData("*/5 * * * * *", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z", 720)]
    [InlineData("0 0 12 * * *", "2026-11-22T12:00:00Z", "2026-11-22T13:00:00Z", 1)]
    [InlineData("0 0 12 * * *", "2026-11-22T11:00:00Z", "2026-11-22T12:00:00Z", 0)]
    [InlineData("0 0 12 * * *", "2026-11-22T12:00:00.0000001Z", "2026-11-22T13:00:00Z", 0)]
    [InlineData("0 0 12 * * *", "2026-11-22T11:00:00Z", "2026-11-22T12:00:00.0000001Z", 1)]
    [InlineData("0 0 12 * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z", 0)]
    [InlineData("0 0 9-17 * * 1-5", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 45)]
    [InlineData("0 0 0 29 2 *", "2000-01-01T00:00:00Z", "2101-01-01T00:00:00Z", 25)]
    [InlineData("0 0 0 1 1 *", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", 1)]
    public void Count_includes_the_start_and_excludes_the_end(string expression, string from, string to, int count) =>
        Assert.Equal(count, Of(expression).Count(At(from), At(to)));

    [Theory]
    [InlineData("0 * * * * *", "00:01:00", true)]
    [InlineData("0 * * 1-30 * *", "00:01:00", false)]
    [InlineData("*/5 * * * * *", "00:00:05", true)]
    [InlineData("0 30 6 * * *", "1.00:00:00", true)]
    [InlineData("0 0 12 * * 1", "7.00:00:00", true)]
    [InlineData("0 */7 * * * *", "00:07:00", false)]
    [InlineData("0 0 9-17 * * 1-5", "01:00:00", false)]
    [InlineData("0 0 0 1 * *", "31.00:00:00", false)]
    [InlineData("0 0 0 15 3,9 *", "184.00:00:00", false)]
    [InlineData("0 0 0 29 2 *", "366.00:00:00", false)]
    [InlineData("*/5 * 0-13 * * *", "00:00:05", false)] // More than 10,000 occurrences that are equally far apart.
    public void The_interval_is_that_of_most_gaps_and_even_if_it_is_that_of_all(string expression, string interval, bool isEven)
    {
        var schedule = Of(expression);

        Assert.Equal((TimeSpan.Parse(interval, CultureInfo.InvariantCulture), isEven), (schedule.Interval, schedule.IsEven));
    }

    [Property]
    public void Last_Next_and_Count_agree_at_any_time(int seconds, ushort span, byte which)
    {
        string[] expressions =
            ["0 * * * * *", "*/5 * * * * *", "*/7 * * * *", "10 3-59/7 */5 * * *", "0 0 9-17 * * 1-5", "0 30 6 1,15 * *", "0 0 0 29 2 *"];
        var schedule = Of(expressions[which % expressions.Length]);
        var time = At("2026-11-22T12:00:00Z").AddSeconds(seconds);

        var (last, next) = (schedule.Last(time), schedule.Next(time));

        Assert.True(last <= time && time < next);
        Assert.Equal(next, schedule.Next(last));
        Assert.Equal(last, schedule.Last(next.AddTicks(-1)));
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (last.Offset, next.Offset));
        var end = time.AddMinutes(span);
        var count = 0;
        for (var tick = schedule.Next(time.AddTicks(-1)); tick < end; tick = schedule.Next(tick))
        {
            count++;
        }

        Assert.Equal(count, schedule.Count(time, end));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData("every minute")]
    [InlineData("@hourly")]
    [InlineData("00:01:00")]
    [InlineData("* * * *")]
    [InlineData("0 * * * * * *")]
    [InlineData("60 * * * * *")]
    [InlineData("0 60 * * * *")]
    [InlineData("0 0 24 * * *")]
    [InlineData("0 0 0 0 * *")]
    [InlineData("0 0 0 32 * *")]
    [InlineData("0 0 0 * 13 *")]
    [InlineData("0 0 0 * * 8")]
    [InlineData("-1 * * * * *")]
    [InlineData("0 */x * * * *")]
    [InlineData("0 1- * * * *")]
    [InlineData("0,,5 * * * * *")]
    [InlineData("% * * * * *")]
    [InlineData("99999999999 * * * * *")]
    [InlineData("0 */99999999999 * * * *")]
    [InlineData("0\t* * * * *")]
    public void An_invalid_expression_is_refused(string expression) => AssertRefused(expression, "is not an NCRONTAB expression");

    [Theory]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("0 0 0 31 4,6,9,11 *")]
    [InlineData("0 0 31 2 *")]
    public void An_expression_that_never_fires_is_refused(string expression) => AssertRefused(expression, "never fires");

    [Theory]
    [InlineData("* * * * * *")]
    [InlineData("*/4 * * * * *")]
    [InlineData("0,3 * * * * *")]
    [InlineData("0,30,34 * * * * *")]
    [InlineData("0,56 * * * * *")]
    [InlineData("58,0 59,0 23,0 * * *")]
    [InlineData("10-12 0 0 1 7 *")]
    [InlineData("57,0 59,0 23,0 31,1 12,1 *")]
    public void An_expression_that_fires_more_often_than_every_5_seconds_is_refused(string expression) =>
        AssertRefused(expression, "fires more often than every 5 s");

    [Theory]
    [InlineData("*/5 * * * * *")]
    [InlineData("0,5 * * * * *")]
    [InlineData("0,55 * * * * *")]
    [InlineData("3-59/5 * * * * *")]
    [InlineData("* * * * *")]
    [InlineData("0 0 0 29 2 *")]
    [InlineData("0 0 0 1 1 *")]
    [InlineData("0 0 1 1 *")]
    [InlineData("59 59 23 31 12 *")]
    [InlineData("0 *  * * * *")]
    public void A_valid_expression_is_kept_as_written(string expression)
    {
        Assert.Equal(expression, Of(expression).Expression);
        Assert.Equal(expression, $"{Of(expression)}");
    }

    [Fact]
    public void The_default_is_every_minute()
    {
        Assert.Same(Schedule.EveryMinute, new HealthzOptions().Schedule);
        Assert.Equal("0 * * * * *", Schedule.EveryMinute.Expression);
    }

    private static Schedule Of(string expression)
    {
        var schedule = Schedule.Parse(expression, out var problem);
        Assert.Equal("", problem);
        return Assert.IsType<Schedule>(schedule);
    }

    private static void AssertRefused(string expression, string expected)
    {
        Assert.Null(Schedule.Parse(expression, out var problem));
        Assert.Equal(expected, problem);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
