using System.Text.Json;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;
using FsCheck.Xunit;

namespace Caluma.Healthz.Tests.History;

public sealed class TickSetTests
{
    private static readonly DateTimeOffset _start = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_tick_of_any_instance_is_in_it()
    {
        var ticks = new TickSet();
        ticks.Add(Records.At(Records.Noon, "one"));
        ticks.Add(Records.At(Records.Noon.AddMinutes(1), "two"));

        Assert.True(ticks.Contains(Records.Noon));
        Assert.True(ticks.Contains(Records.Noon.AddMinutes(1)));
        Assert.False(ticks.Contains(Records.Noon.AddMinutes(2)));
    }

    [Fact]
    public void The_same_tick_does_not_follow() => Assert.Null(new TickSpan(5, 0, 1).With(5));

    [Property(MaxTest = 1000)]
    public void The_set_holds_exactly_the_added_ticks_of_each_instance((bool Other, int Second)[] ticks)
    {
        var set = new TickSet();
        var expected = new HashSet<(bool, int)>();
        foreach (var (other, second) in ticks)
        {
            Assert.Equal(expected.Add((other, second)), set.Add(Record(second, other ? "b" : "a")));
        }

        var read = ReadBack(set);
        foreach (var second in Enumerable.Range(-300, 600))
        {
            Assert.Equal(!expected.Contains((false, second)), read.Add(Record(second, "a")));
            Assert.Equal(!expected.Contains((true, second)), read.Add(Record(second, "b")));
        }
    }

    [Property(MaxTest = 1000)]
    public void The_first_run_after_a_tick_is_that_of_any_instance((bool Other, int Second)[] ticks)
    {
        var set = new TickSet();
        foreach (var (other, second) in ticks)
        {
            set.Add(Record(second, other ? "b" : "a"));
        }

        foreach (var second in Enumerable.Range(-100, 200))
        {
            var later = ticks.Select(tick => tick.Second).Where(tick => tick > second).Order();
            Assert.Equal(later.Any() ? _start.AddSeconds(later.First()) : null, set.After(_start.AddSeconds(second)));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(60)]
    [InlineData(300)]
    public void An_even_schedule_is_one_span_of_any_length(int interval)
    {
        var set = new TickSet();
        for (var run = 0; run < 100_000; run++)
        {
            Assert.True(set.Add(Record(run * interval)));
        }

        var (start, step, count) = Assert.Single(Assert.Single(set.Instances).Value);
        Assert.Equal((_start.ToUnixTimeMilliseconds(), interval * 1000, 100_000), (start, step, count));
    }

    [Fact]
    public void A_gap_begins_a_new_span()
    {
        var set = new TickSet();
        foreach (var minute in new[] { 0, 1, 2, 10, 11, 12, 13 })
        {
            set.Add(Record(minute * 60));
        }

        Assert.Equal([3, 4], Assert.Single(set.Instances).Value.Select(span => span.Count));
    }

    [Property]
    public void Ticks_from_the_limit_on_are_kept(int[] seconds, int limit)
    {
        var set = new TickSet();
        foreach (var second in seconds)
        {
            set.Add(Record(second));
        }

        set.ForgetBefore(_start.AddSeconds(limit));

        Assert.DoesNotContain(seconds, second => second >= limit && set.Add(Record(second)));
    }

    [Fact]
    public void Old_spans_are_dropped_and_instances_without_spans_too()
    {
        var set = new TickSet();
        set.Add(Record(0, "gone"));
        set.Add(Record(0, "here"));
        set.Add(Record(10, "here"));
        set.Add(Record(12, "here"));

        set.ForgetBefore(_start.AddSeconds(11));

        var (instance, spans) = Assert.Single(set.Instances);
        Assert.Equal("here", instance);
        Assert.Equal(new TickSpan(_start.AddSeconds(12).ToUnixTimeMilliseconds(), 0, 1), Assert.Single(spans));
    }

    private static RunRecord Record(int second, string instance = "a") =>
        new(_start.AddSeconds(second), _start, 1, Ok: true, Late: false, Maintenance: false, "timer", instance, []);

    private static TickSet ReadBack(TickSet set) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(set, TrendsJson.Default.TickSet), TrendsJson.Default.TickSet)!;
}
