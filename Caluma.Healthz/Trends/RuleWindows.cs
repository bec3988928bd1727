using Caluma.Healthz.Configuration;

namespace Caluma.Healthz.Trends;

/// <summary>The windows of the rules for a schedule, and the failures that are more than chance for an objective.</summary>
internal sealed class RuleWindows
{
    private const int MinLongRuns = 12;
    private const int MinShortRuns = 3;
    private const int FlappingRuns = 24;
    private const int RunsOfGap = 3;

    private readonly Schedule _schedule;
    private readonly double _budget;

    public RuleWindows(HealthzOptions options)
    {
        _schedule = options.Schedule;
        _budget = (100 - options.Slo) / 100;

        // As in https://sre.google/workbook/alerting-on-slos/ (multiwindow, multi-burn-rate).
        Burn =
        [
            new(AlertRule.BurnFast, TimeSpan.FromMinutes(30), [Windows(14.4, TimeSpan.FromHours(1), TimeSpan.FromMinutes(5))]),
            new(AlertRule.BurnSlow, TimeSpan.FromHours(2), [Windows(6, TimeSpan.FromHours(6), TimeSpan.FromMinutes(30))]),
            new(
                AlertRule.BurnTicket,
                TimeSpan.FromHours(6),
                [Windows(3, TimeSpan.FromDays(1), TimeSpan.FromHours(2)), Windows(1, TimeSpan.FromDays(3), TimeSpan.FromHours(6))]),
        ];
        Flapping = AtLeast(TimeSpan.FromHours(1), FlappingRuns);
        FlappingFailures = FailuresBeyondChance(Flapping);
    }

    /// <summary>The rules on the error budget.</summary>
    public IReadOnlyList<BurnRule> Burn { get; }

    /// <summary>The window in which changes of verdict are counted.</summary>
    public TimeSpan Flapping { get; }

    /// <summary>The minimum of independent failures in this window.</summary>
    public int FlappingFailures { get; }

    /// <summary>After this time without a failure no rule sees earlier failures.</summary>
    public TimeSpan Remembered => Burn.Max(rule => rule.Windows.Max(windows => Max(windows.Long, windows.Short + rule.Hold)));

    /// <summary>The shortest time that holds this many runs.</summary>
    public TimeSpan AtLeast(TimeSpan time, int runs) => Max(time, runs * _schedule.Interval);

    /// <summary>Whether at least three runs are missing between two consecutive records.</summary>
    public bool IsGap(DateTimeOffset before, DateTimeOffset after)
    {
        if (after - before <= RunsOfGap * _schedule.Interval)
        {
            return false;
        }

        return _schedule.IsEven || _schedule.Next(_schedule.Next(_schedule.Next(before))) < after;
    }

    /// <summary>The rules that cannot trigger, each with the reason, as the end of a sentence.</summary>
    public IEnumerable<SilentRule> CannotTrigger()
    {
        var interval = $"with a run every {Duration(_schedule.Interval)}";
        foreach (var rule in Burn)
        {
            if (rule.Windows.All(windows => windows.Factor * _budget > 1))
            {
                var factor = rule.Windows.Min(windows => windows.Factor);
                yield return new SilentRule(rule.Rule, FormattableString.Invariant(
                    $"{factor} times the {Math.Round(_budget * 100, 3)} % of runs that may fail is more than all"));
            }
            else if (rule.Windows.All(windows => windows.Long > SeriesState.Kept))
            {
                yield return new SilentRule(
                    rule.Rule, $"{interval}, {MinLongRuns} runs take more than the {SeriesState.Kept.Days} days that are remembered");
            }
        }

        if (SeriesState.MinPassesForP95 * _schedule.Interval > SeriesState.MaxPool)
        {
            var reason = $"{interval}, {SeriesState.MinPassesForP95} runs, which a p95 needs, take more than a day";
            yield return new SilentRule(AlertRule.LatencyDrift, reason);
            yield return new SilentRule(AlertRule.TimeoutForecast, reason);
        }

        if (Flapping > SeriesState.Kept)
        {
            yield return new SilentRule(
                AlertRule.Flapping, $"{interval}, {FlappingRuns} runs take more than the {SeriesState.Kept.Days} days that are remembered");
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <remarks>No rule is silent where runs are less than an hour apart.</remarks>
    private static string Duration(TimeSpan time) => time.TotalDays >= 1
        ? FormattableString.Invariant($"{time.TotalDays:0.#} d")
        : FormattableString.Invariant($"{time.TotalHours:0.#} h");

    private BurnWindows Windows(double factor, TimeSpan longWindow, TimeSpan shortWindow)
    {
        longWindow = AtLeast(longWindow, MinLongRuns);
        return new BurnWindows(factor, longWindow, AtLeast(shortWindow, MinShortRuns), FailuresBeyondChance(longWindow));
    }

    private int FailuresBeyondChance(TimeSpan window) =>
        Chance.MinFailures(_budget, (int)(window / _schedule.Interval), _schedule.Interval);
}
