using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// The rules: from a state and the next run they compute which alerts are triggered and resolved. The only time is that of the records;
/// there is no clock and no I/O. Each rule resolves at a lower value than it triggers at, so that it does not flap.
/// </summary>
internal sealed class AlertEngine
{
    // The table of the rules in docs/reference.md says what each of these is for.
    private const int RunsToResolveMissingData = 2;
    private const int PassesToResolveUnavailable = 2;
    private const int ChangesToTriggerFlapping = 10;
    private const int ChangesToTriggerFlappingWithPair = 6;
    private const int MaxChangesToResolveFlapping = 2;

    private static readonly TimeSpan _minPassingWhileFlapping = TimeSpan.FromMinutes(10);

    /// <summary>A target without a run for this long is no longer checked.</summary>
    private static readonly TimeSpan _maxAgeOfSeries = TimeSpan.FromDays(1);

    /// <summary>How long an added run is known. A lost state is computed from the runs of as many days.</summary>
    private static readonly TimeSpan _maxAgeOfSeen = TimeSpan.FromDays(8);

    private readonly HealthzOptions _options;
    private readonly ExpectedRuns _expected;
    private readonly MissedRuns _missed;
    private readonly FailingRow _row;
    private readonly IncidentEngine _incidents;

    public AlertEngine(HealthzOptions options)
    {
        _options = options;
        _expected = new ExpectedRuns(options.Schedule);
        _missed = new MissedRuns(options);
        Windows = new RuleWindows(options);
        _row = new FailingRow(Budget, options.Schedule.Interval);
        _incidents = new IncidentEngine(Windows);
    }

    /// <summary>How far the rules look.</summary>
    public RuleWindows Windows { get; }

    /// <summary>The share of runs that may fail.</summary>
    private double Budget => (100 - _options.Slo) / 100;

    /// <summary>Adds a run, and evaluates the rules. A run that was added before changes nothing.</summary>
    /// <returns>The changes of alerts, in a fixed order, and of the incidents that are made of them.</returns>
    public TrendChanges Evaluate(TrendState state, RunRecord record)
    {
        if (!state.Seen.Add(record))
        {
            return TrendChanges.None;
        }

        var alerts = EvaluateRules(state, record);
        return new TrendChanges(alerts, _incidents.Advance(state, record, alerts));
    }

    private List<Alert> EvaluateRules(TrendState state, RunRecord record)
    {
        var changes = Advance(state, record.Tick);
        state.Newest = record.Tick;
        state.SinceGap++;
        Set(state, changes,
            new Verdict(AlertRule.MissingData, null, record.Tick, false, state.SinceGap >= RunsToResolveMissingData, record.Tick));
        foreach (var check in record.Checks)
        {
            var series = SeriesOf(state, check.Series, record.Tick);
            series.Add(record.Tick, check, record.Maintenance, Windows);
            if (!record.Maintenance)
            {
                Judge(state, changes, series, record.Tick);
            }
        }

        Forget(state, changes, record.Tick);
        return changes;
    }

    /// <summary>Lets time pass without a run.</summary>
    /// <returns>The alerts that were triggered.</returns>
    public List<Alert> Advance(TrendState state, DateTimeOffset now)
    {
        var changes = new List<Alert>();
        if (state.Newest is { } newest && _missed.Find(state.Seen, newest, now, state.HasMissed) is var (first, third))
        {
            state.SinceGap = 0;
            Set(state, changes, new Verdict(AlertRule.MissingData, null, third, Triggers: true, Resolves: false, first));
        }

        return changes;
    }

    /// <summary>Adds the hours of a rollup before <paramref name="end"/> to a new state, in the order of time.</summary>
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

    /// <summary>The burn rate of a number of failures.</summary>
    /// <param name="failed">How many runs failed.</param>
    /// <param name="runs">The number of runs; missing runs and runs during maintenance count as passed.</param>
    /// <remarks>
    /// Rounded, because a rate equal to the limit triggers, and 108 failures of 360 runs divided by 5 % are not 6 but 5.999999999999999.
    /// </remarks>
    public double BurnRate(int failed, double runs) => failed == 0 ? 0 : Math.Round(failed / runs / Budget, 10);

    private static SeriesState SeriesOf(TrendState state, Series series, DateTimeOffset tick)
    {
        var known = state.Series.Find(known => known.Series == series);
        if (known is null)
        {
            state.Series.Add(known = new SeriesState { Check = series.Check, Target = series.Target, First = tick });
        }

        return known;
    }

    private void Judge(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick)
    {
        JudgeFlapping(state, changes, series, tick);
        JudgeUnavailable(state, changes, series, tick);
        foreach (var rule in Windows.Burn)
        {
            JudgeBurn(state, changes, series, tick, rule);
        }

        if (series.IsHourUnjudged)
        {
            series.IsHourUnjudged = false;
            JudgeLatency(state, changes, series, tick);
        }
    }

    private void JudgeFlapping(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick)
    {
        // A clock that was ahead may have left records after now.
        var verdictChanges = series.CountChanges(tick);
        var hasPair = series.LastPair is { } pair && pair <= tick && pair > tick - Windows.Flapping;
        var flaps = (verdictChanges >= ChangesToTriggerFlapping || (verdictChanges >= ChangesToTriggerFlappingWithPair && hasPair))
            && series.Count(tick, Windows.Flapping).AreBeyond(Windows.FlappingFailures);
        Set(state, changes, new Verdict(
            AlertRule.Flapping,
            series.Series,
            tick,
            flaps,
            verdictChanges <= MaxChangesToResolveFlapping,
            (flaps ? series.FirstFailure(tick, Windows.Flapping) : null) ?? tick));
    }

    private void JudgeUnavailable(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick)
    {
        var isFlapping = OpenAt(state, AlertRule.Flapping, series.Series) >= 0;
        Set(state, changes, new Verdict(
            AlertRule.Unavailable,
            series.Series,
            tick,
            series is { Ok: false, Streak: >= FailingRow.MinRuns } && series.Streak >= RunsOfOutage(series, tick),
            series is { Ok: true, Streak: >= PassesToResolveUnavailable }
                && (!isFlapping || tick - series.StreakSince >= _minPassingWhileFlapping),
            series.StreakSince));
    }

    private int RunsOfOutage(SeriesState series, DateTimeOffset tick) => series.Streak >= FailingRow.MaxRuns
        ? FailingRow.MaxRuns
        : _row.RunsOfOutage(series.Count(tick, SeriesState.Kept));

    private void JudgeBurn(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick, BurnRule rule)
    {
        var (triggers, burns) = (false, false);
        var longWindow = TimeSpan.Zero;
        foreach (var windows in rule.Windows)
        {
            var (longRate, failures) = Burn(windows.Long);
            if (longRate < windows.Factor / 2)
            {
                continue;
            }

            var (shortRate, _) = Burn(windows.Short);
            burns |= shortRate >= windows.Factor / 2;
            if (failures.AreBeyond(windows.MinIndependent) && Math.Min(longRate, shortRate) >= windows.Factor)
            {
                triggers = true;
                longWindow = windows.Long;
            }
        }

        if (burns)
        {
            series.Burned[rule.Rule] = tick;
        }
        else if (series.Burned.TryGetValue(rule.Rule, out var later) && later > tick)
        {
            // The clock went back: the later time would keep the alert open for too long.
            series.Burned[rule.Rule] = tick;
        }

        var isOver = !series.Burned.TryGetValue(rule.Rule, out var burned) || tick - burned >= rule.Hold;
        if (isOver)
        {
            series.Burned.Remove(rule.Rule);
        }

        Set(state, changes,
            new Verdict(rule.Rule, series.Series, tick, triggers, isOver, triggers ? series.FirstFailure(tick, longWindow) ?? tick : tick));

        (double Rate, RunCount Failures) Burn(TimeSpan window)
        {
            var count = series.Count(tick, window);
            return (count.Failed == 0 ? 0 : BurnRate(count.Failed, Math.Max(count.Runs, _expected.In(tick, window))), count);
        }
    }

    private void JudgeLatency(TrendState state, List<Alert> changes, SeriesState series, DateTimeOffset tick)
    {
        if (Drift.Evaluate(series.Hours) is var (triggers, resolves, since))
        {
            Set(state, changes, new Verdict(AlertRule.LatencyDrift, series.Series, tick, triggers, resolves, since));
        }

        // The forecast is slow to compute, so it is computed only where it makes a difference.
        var isOpen = OpenAt(state, AlertRule.TimeoutForecast, series.Series) >= 0;
        if ((isOpen || Forecast.MayTrigger(series.Hours, _options.Timeout)) && Forecast.Of(series.Hours, _options.Timeout) is { } forecast)
        {
            Set(state, changes, new Verdict(
                AlertRule.TimeoutForecast, series.Series, tick, forecast.Triggers, forecast.Resolves, series.Hours[^1].Start));
        }
    }

    /// <summary>Resolves the alerts of targets that are no longer checked.</summary>
    private static void Forget(TrendState state, List<Alert> changes, DateTimeOffset tick)
    {
        for (var at = 0; at < state.Series.Count; at++)
        {
            var series = state.Series[at];
            if (series.Newest >= tick - _maxAgeOfSeries)
            {
                continue;
            }

            foreach (var alert in state.Open.Where(alert => alert.Is(alert.Rule, series.Series)).ToList())
            {
                Set(state, changes, new Verdict(alert.Rule, series.Series, tick, Triggers: false, Resolves: true, tick));
            }

            state.Series.RemoveAt(at--);
        }

        state.Seen.ForgetBefore(tick - _maxAgeOfSeen);
    }

    /// <summary>The index of a rule's alert in the list of open ones; negative where there is none.</summary>
    private static int OpenAt(TrendState state, AlertRule rule, Series? series)
    {
        var at = state.Open.Count - 1;
        while (at >= 0 && !state.Open[at].Is(rule, series))
        {
            at--;
        }

        return at;
    }

    private static void Set(TrendState state, List<Alert> changes, Verdict verdict)
    {
        var (rule, series, tick, triggers, resolves, since) = verdict;
        var open = OpenAt(state, rule, series);
        if (open < 0 && triggers)
        {
            var alert = new Alert(rule, since, series?.Check, series?.Target) { Triggered = tick };
            state.Open.Add(alert);
            changes.Add(alert);
        }
        else if (open >= 0 && resolves && !triggers)
        {
            var ended = state.Open[open] with { Resolved = tick };
            state.Open.RemoveAt(open);
            state.End(ended);
            changes.Add(ended);
        }
    }

    /// <summary>The verdict of a rule upon a run.</summary>
    private readonly record struct Verdict(
        AlertRule Rule, Series? Series, DateTimeOffset Tick, bool Triggers, bool Resolves, DateTimeOffset Since);
}
