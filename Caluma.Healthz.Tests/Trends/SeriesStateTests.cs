using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The windows of one check, held against its runs.</summary>
public sealed class SeriesStateTests
{
    private static readonly RuleWindows _windows = new(new HealthzOptions());

    private static readonly TimeSpan[] _short =
        [TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(6)];

    private static readonly TimeSpan[] _long = [TimeSpan.FromDays(1), TimeSpan.FromDays(3), TimeSpan.FromDays(8)];

    /// <remarks>Runs are dense for hours, then rare for days; clocks go back, and runs are during maintenance.</remarks>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Windows_say_what_their_runs_say(int seed)
    {
        var (random, runs, state) = (new Random(seed), new CountedRuns(), New());
        var tick = Story.Noon;
        for (var number = 0; number < 900; number++)
        {
            tick += TimeSpan.FromMinutes((number % 300, random.Next(60)) switch
            {
                (_, 0) => -random.Next(100),
                ( < 200, _) => random.Next(3),
                _ => random.Next(180),
            });
            var check = random.Next(3) > 0 ? Runs.Passed(Check.Databases, "default")
                : Runs.Failed(Check.Databases, "default", random.Next(2) == 0 ? Reason.Timeout : Reason.Connect);
            var maintenance = random.Next(12) == 0;

            runs.Add(tick, check, maintenance);
            state.Add(tick, check, maintenance, _windows);

            AssertSame(runs, state, tick);
        }
    }

    [Fact]
    public void An_hour_is_judged_once_it_is_over_and_only_where_it_has_runs_that_count()
    {
        var state = New();
        Add(state, "12:10", ok: true, maintenance: true);
        Add(state, "13:10", ok: true);
        Assert.Equal((0, false), (state.Hours.Count, state.IsHourUnjudged));

        Add(state, "14:10", ok: true);

        Assert.Equal((Story.At("13:00"), true), (Assert.Single(state.Hours).Start, state.IsHourUnjudged));
    }

    [Fact]
    public void No_more_than_64_changes_are_kept()
    {
        var state = New();
        for (var number = 0; number < 100; number++)
        {
            Add(state, $"12:{number / 2:00}:{number % 2 * 30:00}", ok: number % 2 == 0);
        }

        Assert.Equal(64, state.Changes.Count);
        Assert.Equal(Story.At("12:49:30"), state.Changes[^1]);
    }

    [Fact]
    public void Nothing_is_kept_longer_than_a_window_reaches()
    {
        var state = New();
        for (var minute = 0; minute <= 10 * 1440; minute++)
        {
            state.Add(Story.Noon.AddMinutes(minute), Runs.Passed(Check.Databases, "default"), maintenance: false, _windows);
        }

        Assert.Equal((10, 84, 191), (state.Minutes.Count, state.FiveMinutes.Count, state.Hours.Count));
    }

    [Fact]
    public void An_hour_of_a_rollup_is_like_one_of_runs()
    {
        var state = New();
        var rollup = new SeriesRollup { Check = Check.Databases, Target = "default", Runs = 60, Ok = 50, Excluded = 3 };
        rollup.Reasons[Reason.Timeout] = 4;
        rollup.Reasons[Reason.Connect] = 6;

        state.Restore(Story.At("10:00"), rollup);

        Assert.Equal(new RunCount(60, 10, 0, 0), state.Count(Story.At("11:00"), TimeSpan.FromDays(1)));
        Assert.Equal(Story.At("10:00"), state.FirstFailure(Story.At("11:00"), TimeSpan.FromDays(1)));
        Assert.Equal(Story.At("11:00"), state.LastFailure);
    }

    [Fact]
    public void An_hour_of_a_rollup_without_failures_has_none()
    {
        var state = New();

        state.Restore(Story.At("10:00"), new SeriesRollup { Check = Check.Databases, Target = "default", Runs = 60, Ok = 60 });
        state.Restore(Story.At("11:00"), new SeriesRollup { Check = Check.Databases, Target = "default", Excluded = 60 });

        Assert.Equal((60, null), (Assert.Single(state.Hours).Runs, state.Hours[0].FirstFailed));
        Assert.Null(state.LastFailure);
    }

    private static SeriesState New() => new() { Check = Check.Databases, Target = "default", First = DateTimeOffset.MaxValue };

    private static void Add(SeriesState state, string time, bool ok, bool maintenance = false) => state.Add(
        Story.At(time), new CheckRecord(Check.Databases, "default", ok, 10, ok ? null : Reason.Connect), maintenance, _windows);

    private static void AssertSame(CountedRuns runs, SeriesState state, DateTimeOffset now)
    {
        Assert.Equal(
            (runs.First, now, runs.LastFailure, runs.LastPair, runs.CountChanges(now)),
            (state.First, state.Newest, state.LastFailure, state.LastPair, state.CountChanges(now)));
        Assert.Equal(state.Ok is null ? 0 : runs.Streak, state.Streak);
        foreach (var window in _short.Concat(_long))
        {
            Assert.Equal((window, runs.Count(now, window)), (window, state.Count(now, window)));
            Assert.Equal((window, runs.FirstFailure(now, window)), (window, state.FirstFailure(now, window)));
        }

        foreach (var window in _short)
        {
            var buckets = state.Buckets(now, window).ToList();
            Assert.Equal(
                runs.CountOthers(now, window), (buckets.Sum(bucket => bucket.TimedOut), buckets.Sum(bucket => bucket.Excluded)));
        }
    }
}
