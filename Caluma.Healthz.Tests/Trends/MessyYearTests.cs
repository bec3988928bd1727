using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

[Slow(IsLong = true, Because = "half a million runs take half a minute")]
public sealed class MessyYearTests
{
    [Fact]
    public void In_a_year_of_minutes_the_rules_say_what_an_oracle_says_that_knows_every_run()
    {
        // A second target for a part of the year only, to save time.
        var year = new MessyYear(20_261_122, ("a", MessyYear.Minutes), ("b", MessyYear.Minutes / 6));
        var (engine, oracle) = (new AlertEngine(year.Options), new Oracle(year.Options));
        var (state, restarts) = (new TrendState(), new Random(1));
        var open = new Dictionary<(AlertRule, string?), DateTimeOffset>();
        var fired = new Dictionary<AlertRule, int>();
        var undecided = 0;
        foreach (var run in year.Log())
        {
            state = restarts.Next(2000) == 0 ? Story.Read(Story.Write(state)) : state;
            var changes = engine.Evaluate(state, run).Alerts;
            foreach (var judgement in oracle.Take(run))
            {
                var key = (judgement.Rule, judgement.Target);
                var change = changes.Find(change => (change.Rule, change.Target) == key);
                var isOpen = open.TryGetValue(key, out var since);
                var changesNow = isOpen ? judgement.EndsOnly : judgement.Fires;
                undecided += changesNow is null ? 1 : 0;
                if (changesNow is not null && changesNow != change is not null)
                {
                    Assert.Fail($"{judgement}, {(isOpen ? $"open since {since}" : "not open")}: {change}");
                }

                if (change is not null)
                {
                    Assert.Equal((isOpen ? since : judgement.At, isOpen ? run.Tick : null), (change.Triggered, change.Resolved));
                    Assert.True(change.Since <= change.Triggered);
                    if (!isOpen && judgement.Since is { } began)
                    {
                        Assert.Equal(began, change.Since);
                    }

                    changes.Remove(change);
                    if (!open.Remove(key))
                    {
                        open.Add(key, change.Triggered);
                        fired[change.Rule] = fired.GetValueOrDefault(change.Rule) + 1;
                    }
                }
            }

            Assert.Empty(changes);
        }

        // The year has trouble, and the oracle decides nearly all of it.
        Assert.All(Enum.GetValues<AlertRule>(), rule =>
            Assert.True(fired.GetValueOrDefault(rule) >= 10, $"{rule} has fired {fired.GetValueOrDefault(rule)} times."));
        Assert.InRange(undecided, 0, 1000);
    }
}
