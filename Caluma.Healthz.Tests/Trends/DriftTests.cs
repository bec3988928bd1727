using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>The p95 of hours that have no levels, compared with the definition. <see cref="LatencyDriftTests"/> have levels.</summary>
public sealed class DriftTests
{
    private const int Week = 7 * 24;

    [Fact]
    public void The_newest_hours_have_a_large_tail_or_a_small_one_as_defined()
    {
        var (large, small, neither, none) = (0, 0, 0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var (p95, pooled) = Hours(new Random(seed));
            var expected = Expected(p95, pooled);

            var actual = Drift.Evaluate(Points(p95, pooled));

            Assert.Equal((seed, expected), (seed, actual is var (triggers, resolves, since) ? (triggers, resolves, since) : null));
            Assert.Equal(Usual(p95, Newest(p95)), Drift.Of(Points(p95, pooled))?.BaselineMs);
            _ = expected switch
            {
                (true, _, _) => large++,
                (_, true, _) => small++,
                (_, _, _) => neither++,
                null => none++,
            };
        }

        // None of these is seldom.
        Assert.All([large, small, neither, none], count => Assert.InRange(count, 50, 1500));
    }

    /// <summary>One hour of six is at a limit: just twice as long, or just 50 ms longer, is not enough.</summary>
    [Theory]
    [InlineData(100, 201, true)]
    [InlineData(100, 200, false)]
    [InlineData(40, 91, true)]
    [InlineData(40, 90, false)]
    [InlineData(10, 60, false)]
    [InlineData(100, 160, false)]
    public void A_large_tail_is_over_twice_as_long_and_over_50_ms_longer(double usual, double newest, bool triggers) =>
        Assert.Equal(triggers, Evaluate(usual, [250, 250, 250, newest, 250, 250]).Triggers);

    [Theory]
    [InlineData(100, 150, true)]
    [InlineData(100, 151, false)]
    [InlineData(40, 65, true)]
    [InlineData(40, 66, false)]
    public void A_small_tail_is_up_to_half_as_long_again_or_up_to_25_ms_longer(double usual, double newest, bool resolves) =>
        Assert.Equal(resolves, Evaluate(usual, [250, newest, usual]).Resolves);

    [Theory]
    [InlineData(3, 100d)]
    [InlineData(2, null)]
    public void Three_known_days_are_enough(int days, double? usual)
    {
        var p95 = Enumerable.Repeat(double.NaN, Week + 24).ToArray();
        for (var day = 0; day <= days; day++)
        {
            p95[^((24 * day) + 1)] = 100;
        }

        Assert.Equal(usual, Drift.Of(Points(p95, pooled: 2))?.BaselineMs);
    }

    private static (bool Triggers, bool Resolves, DateTimeOffset Since) Evaluate(double usual, double[] newest) =>
        Assert.NotNull(Drift.Evaluate(Points([.. Enumerable.Repeat(usual, Week + 24), .. newest], pooled: 2)));

    /// <summary>Values at the limits of 40 and 100 ms, some of them unknown.</summary>
    private static (double[] P95, int Pooled) Hours(Random random)
    {
        var p95 = new double[random.GetItems([100, Week, Week + 1, Week + 20, Week + 47], 1)[0] + random.Next(2)];
        var (usual, known) = (random.GetItems([40d, 100], 1)[0], random.GetItems([1, 0.98, 0.6], 1)[0]);
        var newestHours = random.Next(7, 20);
        double[] newest = random.Next(2) == 0 ? [251, 400] : random.Next(2) == 0 ? [60, 65, 66, 150] : [65, 90, 150, 151, 200, 201];
        for (var hour = 0; hour < p95.Length; hour++)
        {
            var isNewest = hour >= p95.Length - newestHours;
            p95[hour] = !isNewest && random.NextDouble() > known ? double.NaN
                : isNewest ? random.GetItems(newest, 1)[0] : usual + (random.Next(5) > 0 ? 0 : random.GetItems([10, 100, 300], 1)[0]);
        }

        if (random.Next(3) == 0)
        {
            p95[^random.Next(1, 8)] = double.NaN;
        }

        return (p95, random.GetItems([2, 2, 2, 4, 6], 1)[0]);
    }

    private static List<HourPoint> Points(double[] p95, int pooled) =>
    [
        .. p95.Select((ms, hour) => (Ms: ms, Hour: hour)).Where(one => one.Hour == 0 || !double.IsNaN(one.Ms)).Select(one =>
            new HourPoint { Start = Story.Noon.AddHours(one.Hour), P95 = double.IsNaN(one.Ms) ? null : one.Ms, Hours = pooled }),
    ];

    /// <summary>Unknown hours at the end are not there at all.</summary>
    private static int Newest(double[] p95) => Array.FindLastIndex(p95, ms => !double.IsNaN(ms));

    private static (bool Triggers, bool Resolves, DateTimeOffset Since)? Expected(double[] p95, int pooled)
    {
        var newest = Newest(p95);
        var (inARow, ofTail) = (Math.Max(2, pooled / 2), Math.Max(6, 3 * pooled));
        var row = Enumerable.Range(0, newest + 1).Select(back => newest - back)
            .Select(hour => (P95: p95[hour], Usual: Usual(p95, hour))).TakeWhile(hour => hour.Usual is not null).ToList();
        if (row.Count == 0)
        {
            return null;
        }

        var tail = row.TakeWhile(hour => hour.P95 > 2 * hour.Usual && hour.P95 > hour.Usual + 50).Count();
        var seen = Math.Min(row.Count, tail >= ofTail ? ofTail : Math.Max(inARow, tail + 1));
        return (
            tail >= ofTail,
            row.Count >= inARow && row.Take(inARow).All(hour => hour.P95 <= 1.5 * hour.Usual || hour.P95 <= hour.Usual + 25),
            Story.Noon.AddHours(newest - seen + 1));
    }

    /// <summary>
    /// The fourth largest of the seven days before, or the lowest of fewer, and at least that of a week ago. Each is the largest of three
    /// hours. Null where fewer than three are known, or the history is shorter than a week.
    /// </summary>
    private static double? Usual(double[] p95, int hour)
    {
        if (hour < Week || double.IsNaN(p95[hour]))
        {
            return null;
        }

        var days = Enumerable.Range(1, 7)
            .Select(day => Enumerable.Range(hour - (24 * day) - 1, 3).Where(at => at >= 0 && !double.IsNaN(p95[at]))
                .Select(at => (double?)p95[at]).Max())
            .ToList();
        var known = days.OfType<double>().OrderDescending().ToList();
        return known.Count < 3 ? null : Math.Max(known[Math.Min(3, known.Count - 1)], days[6] ?? 0);
    }
}
