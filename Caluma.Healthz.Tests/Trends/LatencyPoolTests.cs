using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Hours that are pooled, compared with the runs themselves.</summary>
public sealed class LatencyPoolTests
{
    private const int MinRuns = 20;

    [Fact]
    public void A_p95_covers_as_few_hours_as_have_twenty_runs_and_at_least_two()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            var pool = new LatencyPool();
            var closed = new List<Hour>();
            for (var start = 0; start < 100; start += random.Next(5) == 0 ? random.Next(1, 26) : 1)
            {
                closed.Add(Hour.Of(start, random));
                Compare(Pooled(closed), pool.Close(closed[^1].Bucket), $"seed {seed}, hour {start}");
            }
        }
    }

    [Fact]
    public void A_point_has_the_counts_of_its_own_hour()
    {
        var pool = new LatencyPool();
        var first = Story.Noon.AddMinutes(3);
        pool.Close(new TimeBucket { Start = Story.Noon.AddHours(-1), Runs = 60, Failed = 60, SecondFailures = 1, ShortRows = 1 });

        var point = pool.Close(
            new TimeBucket { Start = Story.Noon, Runs = 9, Failed = 4, SecondFailures = 3, ShortRows = 2, FirstFailed = first });

        Assert.Equal(
            (Story.Noon, 9, 4, 3, 2, first),
            (point.Start, point.Runs, point.Failed, point.SecondFailures, point.ShortRows, point.FirstFailed));
    }

    /// <summary>The hours of the day before, without the oldest ones that the newest can do without.</summary>
    private static List<Hour> Pooled(IReadOnlyList<Hour> closed)
    {
        var hours = closed.Where(hour => hour.Start > closed[^1].Start - 24).ToList();
        while (hours.Count > 2 && hours.Skip(1).Sum(hour => hour.Count) >= MinRuns)
        {
            hours.RemoveAt(0);
        }

        return hours;
    }

    private static void Compare(IReadOnlyList<Hour> hours, HourPoint point, string what)
    {
        var passes = hours.SelectMany(hour => hour.Passes).Order().ToList();
        var count = hours.Sum(hour => hour.Count);
        var isEnough = hours[^1].Count > 0 && count >= MinRuns;
        var (rank, rankOfPasses) = (((count * 95) + 99) / 100, ((passes.Count * 95) + 99) / 100);
        double? p95 = isEnough && passes.Count > 0 ? passes[rankOfPasses - 1] : null;
        double? withTimeouts = isEnough && count > passes.Count && rank <= passes.Count ? passes[rank - 1] : null;

        Assert.True(Near(p95, point.P95), $"{what}: {point.P95} instead of {p95}");
        Assert.True(Near(withTimeouts, point.P95WithTimeouts), $"{what}: {point.P95WithTimeouts} instead of {withTimeouts}, with timeouts");
        Assert.Equal((what, hours.Count, isEnough && rank > passes.Count), (what, point.Hours, point.IsAtTimeout));
    }

    /// <summary>A histogram is 1 % off at the most.</summary>
    private static bool Near(double? expected, double? actual) =>
        expected is { } value ? Math.Abs(value - (actual ?? 0)) <= 0.0101 * value : actual is null;

    private sealed record Hour(int Start, double[] Passes, int TimedOut)
    {
        public int Count => Passes.Length + TimedOut;

        public TimeBucket Bucket => new()
        {
            Start = Story.Noon.AddHours(Start),
            TimedOut = TimedOut,
            Latency = Latencies.Of(Passes),
        };

        /// <summary>Often just enough runs, or one too few, and values that are far apart.</summary>
        public static Hour Of(int start, Random random)
        {
            var passes = random.GetItems([0, 1, 2, 4, 9, 10, 19, 20, 21, 40], 1)[0];
            return new Hour(
                start,
                [.. Enumerable.Range(0, passes).Select(_ => Math.Pow(1.1, random.Next(80)))],
                random.GetItems([0, 0, 0, 1, 2, 20], 1)[0]);
        }
    }
}
