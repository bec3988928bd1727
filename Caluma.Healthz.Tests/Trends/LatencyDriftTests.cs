using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// An hour compared with the same time of day of the week before. A value is a factor of a level of 10 ms and a p95 of 100 ms.
/// </summary>
public sealed class LatencyDriftTests
{
    private const int Week = 7 * 24;

    [Theory]
    [InlineData(2.1, 2.1, false)]
    [InlineData(2.3, 2.3, true)]
    [InlineData(1.6, 2.3, true)]
    [InlineData(1.51, 3, true)]
    [InlineData(1.5, 3, false)]
    [InlineData(1.4, 2.3, false)]
    [InlineData(3, 1, false)]
    [InlineData(0.1, 0.1, false)]
    public void It_triggers_where_it_typically_takes_over_twice_as_long_and_the_tail_too_is_50_ms_longer(
        double p95, double level, bool triggers) =>
        Assert.Equal(triggers, Evaluate(Week, _ => 1, (p95, level), (p95, level)).Triggers);

    /// <summary>The standard error of 24 runs that scatter by 0.5 is 0.1, by 1 it is 0.2, and by 2 it is 0.4.</summary>
    [Theory]
    [InlineData(0.5, 2.1, false)]
    [InlineData(0.5, 2.3, true)]
    [InlineData(1, 2.3, false)]
    [InlineData(1, 2.5, true)]
    [InlineData(2, 30, false)]
    public void The_more_runs_scatter_the_slower_they_must_be(double scatter, double times, bool triggers)
    {
        var points = Points(Week, _ => 1, (times, times), (times, times)).ConvertAll(point => new HourPoint
        {
            Start = point.Start,
            P95 = point.P95,
            Level = new LatencyLevel(12, 12 * point.Level.Mean, 12 * ((point.Level.Mean * point.Level.Mean) + (scatter * scatter))),
        });

        Assert.Equal(scatter, Math.Sqrt(points[^1].Level.Scatter / 12), 6);
        Assert.Equal(triggers, Drift.Evaluate(points)!.Value.Triggers);
    }

    [Theory]
    [InlineData(5, 0.6, false)]
    [InlineData(5, 0.7, true)]
    public void Drift_needs_a_difference_of_50_ms(double times, double usual, bool triggers) =>
        Assert.Equal(triggers, Evaluate(Week, _ => usual / times, (usual, usual), (usual, usual)).Triggers);

    [Fact]
    public void One_slow_hour_triggers_nothing()
    {
        Assert.False(Evaluate(Week, _ => 1, (3, 3)).Triggers);
        Assert.False(Evaluate(Week, _ => 1, (30, 30)).Triggers);
        Assert.False(Evaluate(Week, _ => 1, (3, 3), (1, 1), (3, 3)).Triggers);
        Assert.True(Evaluate(Week, _ => 1, (3, 3), (1, 1), (3, 3), (3, 3)).Triggers);
    }

    [Fact]
    public void A_slow_tail_triggers_after_six_hours()
    {
        Assert.False(Evaluate(Week, _ => 1, [.. Enumerable.Repeat((3d, 1d), 5)]).Triggers);
        Assert.True(Evaluate(Week, _ => 1, [.. Enumerable.Repeat((3d, 1d), 6)]).Triggers);
    }

    [Fact]
    public void The_alert_starts_at_the_first_slow_hour()
    {
        Assert.Equal(Story.Noon.AddHours(Week + 24), Evaluate(Week + 24, _ => 1, (3, 3), (3, 3)).Since);
        Assert.Equal(Story.Noon.AddHours(Week + 24), Evaluate(Week + 24, _ => 1, [.. Enumerable.Repeat((3d, 1d), 6)]).Since);
    }

    [Theory]
    [InlineData(1.6, false)]
    [InlineData(1.4, true)]
    [InlineData(0.2, true)]
    public void Drift_resolves_after_two_hours_below_half_of_the_limits(double times, bool resolves)
    {
        Assert.Equal(resolves, Evaluate(Week, _ => 1, (times, times), (times, times)).Resolves);
        Assert.False(Evaluate(Week, _ => 1, (3, 3), (times, times)).Resolves);
    }

    [Theory]
    [InlineData(Week - 1)]
    [InlineData(24)]
    public void Drift_needs_a_week_of_history(int hours) => Assert.Null(Drift.Evaluate(Points(hours, _ => 1, (3, 3))));

    /// <summary>Ten busy hours: every day, on working days, on Mondays.</summary>
    [Theory]
    [InlineData(0, 7)]
    [InlineData(0, 5)]
    [InlineData(0, 1)]
    public void A_regular_busy_time_triggers_nothing(int firstDay, int days)
    {
        double Load(int hour) => hour / 24 % 7 >= firstDay && hour / 24 % 7 < firstDay + days && hour % 24 is >= 8 and < 18 ? 5 : 1;

        for (var hours = Week + 1; hours < 3 * Week; hours++)
        {
            var load = Load(hours);
            Assert.NotEqual(true, Drift.Evaluate(Points(hours, Load, (load, load), (Load(hours + 1), Load(hours + 1))))?.Triggers);
        }
    }

    [Fact]
    public void Summer_time_triggers_nothing()
    {
        double Load(int hour, int shift) => (hour + shift) % 24 is >= 8 and < 18 ? 5 : 1;

        for (var hours = 2 * Week; hours < 3 * Week; hours++)
        {
            var (one, other) = (Load(hours, 1), Load(hours + 1, 1));
            Assert.NotEqual(
                true, Drift.Evaluate(Points(hours, hour => Load(hour, hour < 2 * Week ? 0 : 1), (one, one), (other, other)))?.Triggers);
        }
    }

    [Fact]
    public void A_slow_day_does_not_hide_a_drift() =>
        Assert.True(Evaluate(Week + 12, hour => hour / 24 == 3 ? 40 : 1, (3, 3), (3, 3)).Triggers);

    [Fact]
    public void Times_without_data_do_not_count()
    {
        var points = Points(Week, hour => hour % 24 < 4 ? double.NaN : 1, (3, 3), (3, 3));

        // The first hours of the day are known only by their neighbours.
        Assert.Null(Drift.Evaluate(points));
        Assert.NotNull(Drift.Evaluate(Points(Week + 5, hour => hour % 24 < 4 ? double.NaN : 1, (3, 3), (3, 3))));
    }

    [Fact]
    public void An_hour_before_maintenance_is_judged_with_the_first_run_after_it()
    {
        var story = new Story { Only = [AlertRule.LatencyDrift] };
        var before = Runs(0, Week + 48, 100);
        var slow = Runs(Week + 48, 2, 400);
        var maintenance = Runs(Week + 50, 3, 100).Select(run => run with { Maintenance = true });

        Assert.Equal("+latency-drift@9d17:00", story.Tell([.. before, .. slow, .. maintenance, .. Runs(Week + 53, 1, 100).Take(1)]));
    }

    [Fact]
    public void Failures_and_maintenance_have_no_latency()
    {
        var slow = Runs(Week + 48, 5, 900).Select((run, index) => index % 2 == 0
            ? run with { Maintenance = true }
            : run with { Checks = [run.Checks[0] with { Ok = false, Reason = Reason.Connect }] });

        Assert.Equal(
            "", new Story { Only = [AlertRule.LatencyDrift] }.Tell([.. Runs(0, Week + 48, 100), .. slow, .. Runs(Week + 53, 2, 100)]));
    }

    /// <summary>Every 15 minutes, 12 passes take three hours.</summary>
    [Fact]
    public void On_a_sparse_schedule_hours_are_pooled()
    {
        var story = new Story { Only = [AlertRule.LatencyDrift], Schedule = "0 */15 * * * *" };

        // Two of the three hours are slow then.
        Assert.Equal("+latency-drift@9d14:00", story.Tell([.. Runs(0, Week + 48, 100, 15), .. Runs(Week + 48, 6, 400, 15)]));
    }

    /// <summary>Hours that earlier versions wrote have a median in place of a level.</summary>
    [Fact]
    public void Hours_without_a_level_are_compared_by_their_median()
    {
        var points = Points(Week, _ => 1).ConvertAll(point => new HourPoint { Start = point.Start, Runs = 60, P95 = 100, P50 = 10 });

        Assert.True(Drift.Evaluate([.. points, Point(Week, 3, 3), Point(Week + 1, 3, 3)])!.Value.Triggers);
        Assert.False(Drift.Evaluate([.. points, Point(Week, 2, 2), Point(Week + 1, 2, 2)])!.Value.Triggers);
    }

    private static (bool Triggers, bool Resolves, DateTimeOffset Since) Evaluate(
        int hours, Func<int, double> usual, params (double P95, double Level)[] newest) =>
        Assert.NotNull(Drift.Evaluate(Points(hours, usual, newest)));

    private static List<HourPoint> Points(int hours, Func<int, double> usual, params (double P95, double Level)[] newest) =>
    [
        .. Enumerable.Range(0, hours).Select(hour => Point(hour, usual(hour), usual(hour))),
        .. newest.Select((values, index) => Point(hours + index, values.P95, values.Level)),
    ];

    private static HourPoint Point(int hour, double p95, double level) => new()
    {
        Start = Story.Noon.AddHours(hour),
        P95 = double.IsNaN(p95) ? null : 100 * p95,
        Level = double.IsNaN(level) ? default : new LatencyLevel(60, 60 * Math.Log(10 * level), 60 * Math.Pow(Math.Log(10 * level), 2)),
    };

    private static IEnumerable<RunRecord> Runs(int firstHour, int hours, double ms, int minutes = 1) =>
        from run in Enumerable.Range(0, hours * 60 / minutes)
        let record = Story.Run(Story.Noon.AddHours(firstHour).AddMinutes(run * minutes), '.')
        select record with { Checks = [record.Checks[0] with { Ms = ms }] };
}
