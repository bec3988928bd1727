using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The common behaviour of all rules, and the two rules over verdicts. <see cref="Story"/> explains the notation.</summary>
public sealed class AlertEngineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(".", "")]
    [InlineData(".9d", "")]
    public void Passing_runs_trigger_nothing(string runs, string said) => Assert.Equal(said, new Story().Tell(runs));

    [Theory]
    [InlineData("xx", "")]
    [InlineData("xxx", "+unavailable@12:02")]
    [InlineData(".3d | xxx", "+unavailable@12:02")]
    [InlineData("xx.xx.xx", "")]
    [InlineData("x__x__x", "+unavailable@12:06")]
    public void Three_consecutive_failures_trigger_unavailable(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("xxx.", "+unavailable@12:02")]
    [InlineData("xxx..", "+unavailable@12:02 -unavailable@12:04")]
    [InlineData("xxx.x.x", "+unavailable@12:02")]
    [InlineData("xxx.x..", "+unavailable@12:02 -unavailable@12:06")]
    [InlineData("x20 .20", "+unavailable@12:02 -unavailable@12:21")]
    [InlineData("xxx..xx..xxx..", "+unavailable@12:02 -unavailable@12:04 +unavailable@12:11 -unavailable@12:13")]
    public void Unavailable_is_triggered_once_and_resolved_by_two_consecutive_passes(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData(".x.x.x.x.x", "")]
    [InlineData(".x.x.x.x.x.", "+flapping@12:10")]
    [InlineData("x.x.x.x.x.", "")]
    [InlineData("x.x.x.x.x.x", "+flapping@12:10")]
    [InlineData(".x.x.x.x .51 .x.", "")]
    [InlineData(".5 .x.x.x.x. .45 x.", "+flapping@13:00")]
    [InlineData(".5 .x.x.x.x. .51 x.", "")]
    public void Ten_changes_of_verdict_within_an_hour_trigger_flapping(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData(".x.x.xx.", "")]
    [InlineData(".x.x.x.xx.", "")]
    [InlineData(".x.x.x.xx.x", "+flapping@12:10")]
    [InlineData(".x.x.x.x.x", "")]
    [InlineData(".xx.x.xx.x.x", "+flapping@12:11")]
    [InlineData(".xxxx.xx.x", "+unavailable@12:03")]
    [InlineData(".xxxx.xx.x.", "+unavailable@12:03 +flapping@12:10")]
    public void Six_changes_trigger_flapping_if_two_consecutive_and_five_independent_runs_failed(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    /// <summary>One of a hundred runs may fail by chance, or two of three: see <see cref="ChanceTests"/>.</summary>
    [Theory]
    [InlineData(99, ".x.x.x.x.x.", "")]
    [InlineData(99, ".x.x.x.x.x.x.x", "+flapping@12:13")]
    [InlineData(99.9, ".x.x.xx.x", "+flapping@12:08")]
    [InlineData(50, "(.x)30", "")]
    public void Chance_failures_trigger_no_flapping(double slo, string runs, string said) =>
        Assert.Equal(said, new Story { Slo = slo, Only = [AlertRule.Flapping] }.Tell(runs));

    [Theory]
    [InlineData("0 */5 * * * *", ".x.x.x.x.x.", "+flapping@12:50")]
    [InlineData("0 */15 * * * *", ".x.x.x.x.x.", "+flapping@14:30")]
    [InlineData("0 */30 * * * *", ".x.x.x.x.x.", "+flapping@17:00")]
    public void On_a_sparse_schedule_the_window_of_flapping_has_24_runs(string schedule, string runs, string said) =>
        Assert.Equal(said, new Story { Schedule = schedule, Only = [AlertRule.Flapping] }.Tell(runs));

    [Theory]
    [InlineData(".x.x.x.x.x. .57", "+flapping@12:10")]
    [InlineData(".x.x.x.x.x. .58", "+flapping@12:10 -flapping@13:08")]
    [InlineData(".x.x.x.x.x. .30 x .60", "+flapping@12:10 -flapping@13:10")]
    public void Flapping_resolves_when_at_most_two_changes_are_in_the_hour(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData(".x.x.x.x.x. xxx .9", "+flapping@12:10 +unavailable@12:13")]
    [InlineData(".x.x.x.x.x. xxx .10", "+flapping@12:10 +unavailable@12:13")]
    [InlineData(".x.x.x.x.x. xxx .11", "+flapping@12:10 +unavailable@12:13 -unavailable@12:24")]
    public void During_flapping_unavailable_resolves_after_ten_minutes_of_passes(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("xx __ x", "+unavailable@12:04")]
    [InlineData("xx ___ x", "+missing-data@12:04")]
    [InlineData("xx ___ xxx", "+missing-data@12:04 -missing-data@12:06 +unavailable@12:07")]
    [InlineData("xxx . ___ .", "+unavailable@12:02 +missing-data@12:06")]
    public void A_gap_ends_consecutive_failures(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("m9", "")]
    [InlineData(".5 m99 .5", "")]
    [InlineData("(om)9", "")]
    [InlineData("xx oo x", "+unavailable@12:04")]
    [InlineData("xx o99 x", "")]
    [InlineData("xx o99 xxx", "+unavailable@13:43")]
    [InlineData("xx m9 .", "")]
    [InlineData(".x.x.x o9 .x.x.", "+flapping@12:19")]
    public void Runs_during_maintenance_do_not_count(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("xxx o9", "+unavailable@12:02")]
    [InlineData("xxx m9 o9 ..", "+unavailable@12:02 -unavailable@12:22")]
    [InlineData("xxx.o.", "+unavailable@12:02 -unavailable@12:05")]
    [InlineData(".x.x.x.x.x. o99", "+flapping@12:10")]
    [InlineData(".x.x.x.x.x. o99 .", "+flapping@12:10 -flapping@13:50")]
    public void An_open_alert_stays_open_during_maintenance(string runs, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));

    [Theory]
    [InlineData("xxx..", ".....", "+unavailable(a)@12:02 -unavailable(a)@12:04")]
    [InlineData("x.x.x", ".x.x.", "")]
    [InlineData("xx...", "..xxx", "+unavailable(b)@12:04")]
    [InlineData("xxx..", "xxx..", "+unavailable(a)@12:02 +unavailable(b)@12:02 -unavailable(a)@12:04 -unavailable(b)@12:04")]
    [InlineData("xxxxx", "xxx..", "+unavailable(a)@12:02 +unavailable(b)@12:02 -unavailable(b)@12:04")]
    [InlineData("xxx--", "--xxx", "+unavailable(a)@12:02 +unavailable(b)@12:04")]
    [InlineData("x-x-x", ".....", "+unavailable(a)@12:04")]
    public void Targets_do_not_influence_each_other(string one, string other, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(("a", one), ("b", other)));

    [Fact]
    public void Checks_of_one_target_do_not_influence_each_other()
    {
        var runs = Enumerable.Range(0, 3).Select(minute => Story.Run(Story.Noon.AddMinutes(minute), 'x'));
        var story = new Story();

        story.Tell(runs.Select(run => run with { Checks = [.. run.Checks, new CheckRecord(Check.DatabaseModels, "default", true, 1)] }));

        var alert = Assert.Single(story.State.Open);
        Assert.Equal(
            new Alert(AlertRule.Unavailable, Story.At("12:00"), Check.Databases, "default") { Triggered = Story.At("12:02") }, alert);
        Assert.Equal(Severity.Critical, alert.Severity);
    }

    [Theory]
    [InlineData("xxx -1d", "+unavailable(a)@12:02")]
    [InlineData("xxx -1d -", "+unavailable(a)@12:02 -unavailable(a)@1d12:03")]
    [InlineData("xxx -1d - xxx", "+unavailable(a)@12:02 -unavailable(a)@1d12:03 +unavailable(a)@1d12:06")]
    [InlineData("xxx -1d - xx", "+unavailable(a)@12:02 -unavailable(a)@1d12:03")]
    [InlineData("xxx -1d x", "+unavailable(a)@12:02")]
    [InlineData("xxx o -1d -9", "+unavailable(a)@12:02 -unavailable(a)@1d12:04")]
    public void The_state_of_a_removed_target_is_dropped_after_a_day(string one, string said) =>
        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(("a", one), ("b", ".2d")));

    [Fact]
    public void The_alerts_of_a_removed_target_are_resolved_then()
    {
        var story = new Story();

        Assert.Equal(
            "+unavailable(a)@12:02 +burn-fast(a)@12:05 +burn-slow(a)@12:10 +burn-ticket(a)@12:21 "
            + "-unavailable(a)@1d12:30 -burn-fast(a)@1d12:30 -burn-slow(a)@1d12:30 -burn-ticket(a)@1d12:30",
            story.Tell(("a", "x30 -2d"), ("b", ".3d")));
        Assert.Equal("b", Assert.Single(story.State.Series).Target);
    }

    [Fact]
    public void Only_recently_resolved_alerts_are_kept()
    {
        var story = new Story { Only = [AlertRule.Unavailable] };

        story.Tell("(xxx.30)201");

        Assert.Equal(200, story.State.Ended.Count);
        Assert.Equal(
            (Story.Noon.AddMinutes(33), Story.Noon.AddMinutes(200 * 33)), (story.State.Ended[0].Since, story.State.Ended[^1].Since));
    }

    [Fact]
    public void Late_runs_out_of_order_are_neither_a_gap_nor_lost()
    {
        // Pending records of one instance land at once, after those that another has written meanwhile.
        var runs = Enumerable.Range(0, 30).Select(minute => Story.Run(Story.Noon.AddMinutes(minute), '.', "b"))
            .Concat(Enumerable.Range(10, 10).Select(minute => Story.Run(Story.Noon.AddMinutes(minute), 'x', "a")))
            .Concat(Enumerable.Range(30, 5).Select(minute => Story.Run(Story.Noon.AddMinutes(minute), '.', "b")));
        var story = new Story();

        Assert.Equal("+unavailable@12:12 +burn-fast@12:15 -unavailable@12:31", story.Tell(runs));
        Assert.Equal(new RunCount(45, 10, 1, 0), story.State.Series[0].Count(Story.At("12:34"), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Two_runs_in_reverse_order_change_nothing()
    {
        var runs = new Story().Runs(("default", ".9 xxxx .9")).ToArray();
        foreach (var at in new[] { 2, 10, 20 })
        {
            (runs[at], runs[at + 1]) = (runs[at + 1], runs[at]);
        }

        // The fourth failure lands before the pass of the minute before it, so it follows another failure.
        Assert.Equal("+unavailable@12:10 -unavailable@12:14", new Story { Only = Story.Verdicts }.Tell(runs));
    }

    [Theory]
    [InlineData('.', '.', "")]
    [InlineData('x', 'x', "+unavailable@12:01")]
    [InlineData('.', 'x', "+flapping@12:05")]
    public void Two_instances_that_record_the_same_ticks_count_as_two_runs_each(char one, char other, string said)
    {
        var ticks = Enumerable.Range(0, 9).Select(minute => Story.Noon.AddMinutes(minute));
        var runs = ticks.SelectMany(tick => new[] { Story.Run(tick, one, "a"), Story.Run(tick, other, "b") });

        Assert.Equal(said, new Story { Only = Story.Verdicts }.Tell(runs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_state_that_was_written_and_read_behaves_like_one_in_memory(int seed)
    {
        var random = new Random(seed);
        var tick = Story.Noon;
        var instance = 0;
        IEnumerable<RunRecord> Runs()
        {
            for (var run = 0; run < 1000; run++)
            {
                var verdict = random.NextDouble() < 0.9 ? '.' : "xxxom"[random.Next(5)];
                var record = Story.Run(tick, verdict, $"a{instance}");
                var checks = record.Checks.Select(check => check with { Ms = Math.Exp(random.NextDouble() * 9) });
                yield return record with { Checks = [.. checks] };
                if (random.Next(50) == 0)
                {
                    yield return Story.Run(tick.AddMinutes(-random.Next(90)), 'x', "late");
                }

                var jump = random.Next(200);
                instance += jump < 2 ? 1 : 0;
                tick = tick.AddMinutes(jump switch { 0 => -random.Next(120), 1 => random.Next(3000), < 10 => random.Next(1, 9), _ => 1 });
            }
        }

        // The story compares what the two say after each run, and their states at the end.
        Assert.NotEqual("", new Story { RestartsAtEachRun = true }.Tell([.. Runs()]));
    }

    [Fact]
    public void The_size_of_a_state_does_not_grow_with_time()
    {
        var story = new Story();
        story.Tell(".9d |");
        var size = Story.Write(story.State).Length;

        story = new Story();
        story.Tell(".20d |");

        Assert.InRange(Story.Write(story.State).Length, size * 0.9, size * 1.1);
    }
}
