using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// The rules of design section 6: given a state and the next run, what fires and what ends. Time is that of the records; nothing here looks
/// at a clock or does I/O. Each rule ends on less than it fires on, so that it does not flap.
/// </summary>
internal sealed class AlertEngine(HealthzOptions options)
{
    private const int MostEnded = 200;
    private const int RunsMissing = 3;
    private const int RunsAfterGap = 2;
    private const int FailuresInARow = 3;
    private const int PassesInARow = 2;
    private const int ChangesThatFlap = 6;
    private const int ChangesThatDoNot = 2;

    /// <summary>A blip must not be an alert: one failure of a minute's schedule already burns a 99.9 % objective 16.7 times too fast over 1 h.</summary>
    private const int LeastFailures = 3;

    private static readonly TimeSpan _mostForecast = TimeSpan.FromDays(7);
    private static readonly TimeSpan _leastForecast = TimeSpan.FromDays(9);
    private static readonly TimeSpan _forgotten = TimeSpan.FromDays(1);
    private static readonly TimeSpan _landsTwice = TimeSpan.FromDays(8);

    /// <summary>As in https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate): how fast, over the long and the short window.</summary>
    private static readonly (AlertRule Rule, (double Factor, TimeSpan Long, TimeSpan Short)[] Windows)[] _burnRules =
    [
        (AlertRule.BurnFast, [(14.4, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5))]),
        (AlertRule.BurnSlow, [(6, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30))]),
        (AlertRule.BurnTicket, [(3, TimeSpan.FromDays(1), TimeSpan.FromHours(2)), (1, TimeSpan.FromDays(3), TimeSpan.FromHours(6))]),
    ];

    /// <summary>The share of runs that may fail.</summary>
    private double Budget => (100 - options.Slo) / 100;

    /// <summary>Takes a run in; one that was taken in before changes nothing.</summary>
    /// <returns>What has fired and what has ended upon it, in a fixed order.</returns>
    public List<Alert> Advance(TrendState state, RunRecord record)
    {
        if (!state.Seen.Add(record))
        {
            return [];
        }

        var changes = Advance(state, record.Tick);
        state.Newest = record.Tick;
        state.SinceGap++;
        Set(state, changes, AlertRule.MissingData, null, record.Tick, fires: false, ends: state.SinceGap >= RunsAfterGap);
        foreach (var check in record.Checks)
        {
            var series = SeriesOf(state, check.Series, record.Tick);
            var hasWholeHour = series.Add(record.Tick, check, record.Maintenance);
            if (!record.Maintenance)
            {
                Judge(state, changes, series, record.Tick, hasWholeHour);
            }
        }

        Forget(state, changes, record.Tick);
        return changes;
    }

    /// <summary>Lets time pass without a run.</summary>
    /// <returns>What has fired upon it.</returns>
    public List<Alert> Advance(TrendState state, DateTimeOffset now)
    {
        var changes = new List<Alert>();
        if (state.Newest is { } newest && ThirdMissed(state.Seen, newest, now) is { } missed)
        {
            state.SinceGap = 0;
            Set(state, changes, AlertRule.MissingData, null, missed, fires: true, ends: false);
        }

        return changes;
    }

    /// <summary>Takes in what was rolled up of a day, as far as it is before <paramref name="end"/>. Of a new state, in the order of time.</summary>
    public static void Restore(TrendState state, DayRollup rollup, DateTimeOffset end)
    {
        foreach (var hour in rollup.Hours)
        {
            var start = new DateTimeOffset(rollup.Day, new TimeOnly(hour.Hour, 0), TimeSpan.Zero);
            foreach (var series in start < end ? hour.Series : [])
            {
                var restored = SeriesOf(state, series.Series, start);
                restored.Newest = start;
                restored.Restore(start, series);
            }
        }
    }

    /// <summary>How many times as fast as it may a number of failures uses the error budget up.</summary>
    /// <param name="runs">How many runs there were.</param>
    /// <param name="failed">How many of them failed.</param>
    /// <param name="window">The window they were in.</param>
    /// <param name="age">
    /// Of the history: what is older counts as passed, for three failures in the first minutes say nothing about three days.
    /// </param>
    /// <remarks>Rounded, since as fast as a limit is too fast, and 108 failures of 360 runs divided by 5 % are not 6 but 5.999999999999999.</remarks>
    public double BurnRate(int runs, int failed, TimeSpan window, TimeSpan age) =>
        runs == 0 ? 0 : Math.Round((double)failed / runs / Budget * Math.Min(1, age / window), 10);

    /// <summary>The third tick in a row before <paramref name="now"/> without a run, those in maintenance left out; null where there is none.</summary>
    private DateTimeOffset? ThirdMissed(TickSet seen, DateTimeOffset newest, DateTimeOffset now)
    {
        var missed = 0;
        for (var tick = options.Schedule.Next(newest); tick < now; tick = options.Schedule.Next(tick))
        {
            if (options.Maintenance.FirstOrDefault(window => window.Contains(tick)) is { } maintenance)
            {
                tick = maintenance.End.AddTicks(-1);
            }
            else if (seen.Contains(tick))
            {
                // The newest run landed late, behind runs of another instance for ticks that come after it.
                missed = 0;
            }
            else if (++missed == RunsMissing)
            {
                return tick;
            }
        }

        return null;
    }

    private static SeriesState SeriesOf(TrendState state, Series series, DateTimeOffset tick)
    {
        var known = state.Series.Find(known => known.Series == series);
        if (known is null)
        {
            state.Series.Add(known = new SeriesState { Check = series.Check, Target = series.Target, First = tick });
        }

        return known;
    }

    private void Judge(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick, bool hasWholeHour)
    {
        void Set(AlertRule rule, bool fires, bool ends) => AlertEngine.Set(state, changes, rule, series.Series, tick, fires, ends);

        Set(
            AlertRule.Unavailable,
            fires: series is { Ok: false, Streak: >= FailuresInARow },
            ends: series is { Ok: true, Streak: >= PassesInARow });
        foreach (var (rule, windows) in _burnRules)
        {
            var rates = windows.Select(window => (window.Factor, Long: Burn(window.Long), Short: Burn(window.Short))).ToList();
            Set(
                rule,
                fires: rates.Exists(rate => rate.Long.Failed >= LeastFailures && rate.Long.Rate >= rate.Factor && rate.Short.Rate >= rate.Factor),
                ends: rates.TrueForAll(rate => Math.Min(rate.Long.Rate, rate.Short.Rate) < rate.Factor / 2));
        }

        if (hasWholeHour && Drift.Of(series.Hours) is { } drift)
        {
            Set(AlertRule.LatencyDrift, fires: drift.IsLarge, ends: drift.IsSmall);
        }

        if (hasWholeHour && Forecast.Of(series.Hours, options.Timeout) is { } forecast)
        {
            var days = forecast.DaysToTimeout ?? double.PositiveInfinity;
            Set(AlertRule.TimeoutForecast, fires: days <= _mostForecast.TotalDays, ends: days > _leastForecast.TotalDays);
        }

        // What a clock that was ahead has left lies after now.
        var verdictChanges = series.Changes.Count(change => change <= tick);
        Set(AlertRule.Flapping, fires: verdictChanges >= ChangesThatFlap, ends: verdictChanges <= ChangesThatDoNot);

        (double Rate, int Failed) Burn(TimeSpan window)
        {
            var (runs, failed) = series.Count(tick, window);
            return (BurnRate(runs, failed, window, tick - series.First), failed);
        }
    }

    /// <summary>Ends what is open for a target that is no longer checked.</summary>
    private static void Forget(TrendState state, List<Alert> changes, DateTimeOffset tick)
    {
        foreach (var series in state.Series.Where(series => series.Newest < tick - _forgotten).ToList())
        {
            foreach (var alert in state.Open.Where(alert => alert.Is(alert.Rule, series.Series)).ToList())
            {
                Set(state, changes, alert.Rule, series.Series, tick, fires: false, ends: true);
            }

            state.Series.Remove(series);
        }

        state.Seen.ForgetBefore(tick - _landsTwice);
    }

    private static void Set(TrendState state, List<Alert> changes, AlertRule rule, Series? series, DateTimeOffset tick, bool fires, bool ends)
    {
        var open = state.Open.FindIndex(alert => alert.Is(rule, series));
        if (open < 0 && fires)
        {
            var alert = new Alert(rule, tick, series?.Check, series?.Target);
            state.Open.Add(alert);
            changes.Add(alert);
        }
        else if (open >= 0 && ends && !fires)
        {
            var ended = state.Open[open] with { Resolved = tick };
            state.Open.RemoveAt(open);
            state.Ended.Add(ended);
            if (state.Ended.Count > MostEnded)
            {
                state.Ended.RemoveAt(0);
            }

            changes.Add(ended);
        }
    }
}
