using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>Levels of hours, compared with the runs themselves.</summary>
public sealed class LevelHistoryTests
{
    [Fact]
    public void Hours_are_slow_or_usual_as_their_runs_say()
    {
        var (slow, usual, neither) = (0, 0, 0);
        for (var seed = 0; seed < 1000; seed++)
        {
            var random = new Random(seed);
            var hours = random.GetItems([60, 80, 100, 150, 168, 180, 192, 200], 1)[0] + random.Next(3);
            var oracle = new OracleLevels(hours, off: 1e-9);
            var points = Hours(hours, random, oracle);
            var levels = new LevelHistory(points);
            var first = Math.Max(0, hours - 1 - (8 * 24));

            var isSlow = oracle.IsSlow(hours - 1, first);
            Assert.True(isSlow != levels.FindSlow() is null, $"seed {seed}: {levels.FindSlow()} hours, and {isSlow}");
            for (var back = 0; back < 2; back++)
            {
                var isUsual = oracle.IsUsual(hours - 1 - back, first);
                var factor = levels.FactorAt(back);
                Assert.True(isUsual != factor > 1.5, $"seed {seed}, {back} hours before: {factor}, and {isUsual}");
            }

            slow += isSlow == true ? 1 : 0;
            usual += oracle.IsUsual(hours - 1, first) == true && levels.FactorAt(0) is not null ? 1 : 0;
            neither += levels.FactorAt(0) is null ? 1 : 0;
        }

        // None of these is seldom.
        Assert.All([slow, usual, neither], count => Assert.InRange(count, 50, 950));
    }

    /// <summary>Hours of which the newest may be slower. Some histories know all of them, others few, and so it is with the runs.</summary>
    private static List<HourPoint> Hours(int hours, Random random, OracleLevels oracle)
    {
        var (runs, known, scatter) = (
            random.GetItems([1, 2, 5, 12, 13, 60], 1)[0], random.GetItems([1, 0.9, 0.3], 1)[0], random.GetItems([0.05, 0.3, 1, 3], 1)[0]);
        var (slowest, slowHours, busy) = (random.GetItems([1, 1.4, 1.6, 2.3, 3, 6, 20], 1)[0], random.Next(1, 14), random.Next(1, 4));
        var points = new List<HourPoint>();
        for (var hour = 0; hour < hours; hour++)
        {
            if (hour < hours - 1 && random.NextDouble() > known)
            {
                continue;
            }

            var usual = 10 * (hour % 24 < 6 ? busy : 1) * (random.Next(10) == 0 ? 2 : 1);
            double[] passes =
            [
                .. Enumerable.Range(0, random.Next(4) == 0 ? random.Next(2 * runs) : runs).Select(_ =>
                    usual * (hour >= hours - slowHours ? slowest : 1) * Math.Exp(scatter * ((2 * random.NextDouble()) - 1))),
            ];
            oracle.Close(hour, passes);
            points.Add(new HourPoint
            {
                Start = Story.Noon.AddHours(hour),
                Level = new LatencyLevel(passes.Length, passes.Sum(Math.Log), passes.Sum(ms => Math.Log(ms) * Math.Log(ms))),
            });
        }

        return points;
    }
}
