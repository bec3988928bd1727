using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.History;

/// <summary>The fold over a day's log, compared with the records themselves.</summary>
public sealed class DayRollupTests
{
    private static readonly Series[] _series = [new(Check.Databases, "a"), new(Check.Databases, "b"), new(Check.Caches, "a")];

    private static readonly DateTimeOffset _midnight = Records.Noon.AddHours(-12);

    [Fact]
    public void A_rollup_counts_each_record_in_its_hour_and_for_its_check_and_target()
    {
        var records = Shuffled();
        var rollup = new DayRollup { Day = Records.Day };

        Assert.All(records, record => Assert.True(rollup.Fold(record, Schedule.EveryMinute)));

        Assert.Equal([1, 5, 23], rollup.Hours.Select(hour => hour.Hour));
        foreach (var hour in rollup.Hours)
        {
            var ofHour = records.Where(record => record.Tick.Hour == hour.Hour).ToList();
            Assert.Equal((ofHour.Count, 60), (hour.Ticks, hour.Expected));
            Assert.Equal(3, hour.Series.Count);
            foreach (var series in hour.Series)
            {
                var checks = ofHour.SelectMany(record => record.Checks.Select(check => (record.Maintenance, Check: check)))
                    .Where(one => one.Check.Series == series.Series).ToList();
                var counted = checks.Where(one => !one.Maintenance).Select(one => one.Check).ToList();
                var passes = counted.Where(check => check.Ok).ToList();

                Assert.Equal(
                    (counted.Count, passes.Count, checks.Count - counted.Count), (series.Runs, series.Ok, series.Excluded));
                Assert.Equal(
                    counted.Where(check => !check.Ok).CountBy(check => check.Reason ?? Reason.Unknown).OrderBy(pair => pair.Key),
                    series.Reasons);
                Assert.Equal(Latencies.Of(passes.Select(check => check.Ms)).Buckets, series.Latency.Buckets);
                Assert.Equal(counted.Count - passes.Count, series.Tally.Failed);
            }
        }
    }

    [Fact]
    public void A_record_counts_once_and_only_on_its_day()
    {
        var rollup = new DayRollup { Day = Records.Day };

        Assert.True(rollup.Fold(Records.At(Records.Noon), Schedule.EveryMinute));
        Assert.False(rollup.Fold(Records.At(Records.Noon), Schedule.EveryMinute));
        Assert.False(rollup.Fold(Records.At(Records.Noon.AddDays(1)), Schedule.EveryMinute));
        Assert.Equal(1, Assert.Single(rollup.Hours).Ticks);
    }

    /// <summary>Three hours, not in their order.</summary>
    private static RunRecord[] Shuffled()
    {
        var random = new Random(1);
        Reason?[] reasons = [null, Reason.Timeout, Reason.Connect];
        int[] hours = [5, 23, 1];
        RunRecord[] records =
        [
            .. from hour in hours
               from minute in Enumerable.Range(0, 40)
               let tick = _midnight.AddHours(hour).AddMinutes(minute)
               select Records.At(tick) with
               {
                   Maintenance = random.Next(5) == 0,
                   Checks =
                   [
                       .. _series.Select(series => random.Next(3) > 0
                           ? new CheckRecord(series.Check, series.Target, true, random.Next(1, 100))
                           : new CheckRecord(series.Check, series.Target, false, 1, random.GetItems(reasons, 1)[0])),
                   ],
               },
        ];
        random.Shuffle(records);
        return records;
    }
}
