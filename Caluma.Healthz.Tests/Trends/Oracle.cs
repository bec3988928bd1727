using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// Computes the alerts of a log of minutes from all of its runs: arrays with a place for each minute of the year, and exact p95 and
/// medians. It shares no code with the rules. <para> The latencies of the rules may be 1 % off. Where that decides, the answer is null, and
/// both outcomes are right.
/// </para>
/// </summary>
internal sealed class Oracle(HealthzOptions options)
{
    private const int Hour = 60;
    private const int Day = 24 * Hour;

    /// <summary>Minute 0, far enough before the year for windows and clocks that are set back.</summary>
    private static readonly DateTimeOffset _origin = MessyYear.Start.AddDays(-20);

    private readonly HashSet<(string, int)> _taken = [];
    private readonly bool[] _recorded = new bool[MessyYear.Minutes + (40 * Day)];
    private readonly HashSet<int> _told = [];
    private readonly Dictionary<string, Target> _targets = [];
    private int _before = -1;
    private int _sinceGap;

    /// <summary>Whether each rule triggers and resolves upon a run.</summary>
    public IEnumerable<Judgement> Take(RunRecord run)
    {
        var now = Minute(run.Tick);
        if (!_taken.Add((run.Instance, now)))
        {
            yield break;
        }

        var missed = _before < 0 ? null : Missed(now);
        _sinceGap = missed is null ? _sinceGap + 1 : 1;
        (_before, _recorded[now]) = (now, true);
        yield return missed is var (first, third)
            ? new Judgement(AlertRule.MissingData, null, true, false, _origin.AddMinutes(third), _origin.AddMinutes(first))
            : new Judgement(AlertRule.MissingData, null, false, _sinceGap >= 2, run.Tick, run.Tick);

        foreach (var check in run.Checks)
        {
            if (!_targets.TryGetValue(check.Target, out var target))
            {
                _targets.Add(check.Target, target = new Target(options));
            }

            foreach (var (rule, fires, ends) in target.Take(now, check, run.Maintenance))
            {
                yield return new Judgement(
                    rule, check.Target, fires, ends, run.Tick,
                    rule == AlertRule.Unavailable ? _origin.AddMinutes(target.FirstInARow) : null);
            }
        }

        foreach (var (alias, _) in _targets.Where(target => target.Value.Newest < now - Day).ToList())
        {
            _targets.Remove(alias);
            foreach (var rule in Enum.GetValues<AlertRule>())
            {
                yield return new Judgement(rule, alias, false, true, run.Tick, null);
            }
        }
    }

    private static int Minute(DateTimeOffset tick) => (int)(tick - _origin).TotalMinutes;

    private (int First, int Third)? Missed(int now)
    {
        var (inARow, first) = (0, 0);
        for (var minute = _before + 1; minute < now; minute++)
        {
            if (!options.Maintenance.Any(window => window.Contains(_origin.AddMinutes(minute))))
            {
                inARow = _recorded[minute] ? 0 : inARow + 1;
                first = inARow == 1 ? minute : first;
                if (inARow == 3 && _told.Add(first))
                {
                    return (first, minute);
                }
            }
        }

        return null;
    }

    /// <summary>The verdict on a rule upon a run; null where both outcomes are right.</summary>
    public readonly record struct Judgement(
        AlertRule Rule, string? Target, bool? Fires, bool? Ends, DateTimeOffset At, DateTimeOffset? Since)
    {
        /// <summary>Whether an open alert resolves, never with a run upon which it would trigger.</summary>
        public bool? EndsOnly => Fires == true || Ends == false ? false : Fires == false ? Ends : null;
    }

    private sealed class Target(HealthzOptions options)
    {
        /// <summary>Earlier times are unknown, even if a clock goes back to them.</summary>
        private const int Kept = 8 * Day;

        /// <summary>
        /// The least numbers of failures in the windows of the burn rules and of flapping: with 59, 359, 1439 and 4319 other runs at 0.5 %
        /// and 216 failures a month, chance makes less than 0.06 alerts. Computed with scipy.
        /// </summary>
        private const int FastFailures = 5, SlowFailures = 10, DayFailures = 20, ThreeDaysFailures = 41, FlappingFailures = 5;

        private readonly OracleTally _byMinute = new(1, 10);
        private readonly OracleTally _byFive = new(5, 7 * Hour);
        private readonly OracleTally _byHour = new(Hour, Kept);
        private readonly OracleTally _secondsByFive = new(5, 7 * Hour);
        private readonly OracleTally _secondsByHour = new(Hour, Kept);
        private readonly OracleTally _shortRows = new(Hour, Kept);
        private readonly List<int> _ticks = [];
        private readonly List<(int Tick, int Run)> _changes = [];
        private readonly Dictionary<AlertRule, int> _burned = [];
        private readonly OracleHours _hours = new(options, Kept);
        private bool? _ok;
        private bool _isFlapping;
        private int _first = int.MaxValue;
        private int _lastBack;
        private int _counted = -1;
        private int _inARow;
        private int _pair = -1;

        public int Newest => _ticks[^1];

        public int FirstInARow { get; private set; }

        public IEnumerable<(AlertRule Rule, bool? Fires, bool? Ends)> Take(int now, CheckRecord check, bool maintenance)
        {
            if (_ticks.Count > 0 && now < Newest)
            {
                ClockGoesBack(Newest);
            }

            _ticks.Add(now);
            _first = Math.Min(_first, now);
            _hours.Take(now, check, maintenance);
            if (maintenance)
            {
                return [];
            }

            foreach (var tally in new[] { _byMinute, _byFive, _byHour })
            {
                tally.Add(now, !check.Ok);
            }

            _shortRows.Add(now, check.Ok && _ok == false && _inARow <= 2);
            TakeVerdict(now, check.Ok);
            _secondsByFive.Add(now, !check.Ok && _inARow == 2);
            _secondsByHour.Add(now, !check.Ok && _inARow == 2);
            return Judge(now);
        }

        private void TakeVerdict(int now, bool ok)
        {
            if (_ok is { } before && before != ok)
            {
                _changes.Add((now, _ticks.Count - 1));
            }

            // At least three minutes without a run that counts are a gap.
            var goesOn = _ok == ok && now - _counted <= 3;
            (_inARow, FirstInARow) = goesOn ? (_inARow + 1, FirstInARow) : (1, now);
            (_ok, _counted) = (ok, now);
            if (!ok && _inARow > 1)
            {
                _pair = Math.Max(_pair, now);
            }
        }

        private IEnumerable<(AlertRule Rule, bool? Fires, bool? Ends)> Judge(int now)
        {
            var changes = ChangesOfTheHour(now);
            var hasPair = _pair <= now && _pair > now - Hour;
            var flaps = (changes >= 10 || (changes >= 6 && hasPair))
                && _byFive.Count(now, Hour).Failed - _secondsByFive.Count(now, Hour).Failed >= FlappingFailures;
            _isFlapping = flaps || (_isFlapping && changes > 2);
            yield return (AlertRule.Flapping, flaps, changes <= 2);
            yield return (
                AlertRule.Unavailable,
                _ok == false && _inARow >= RunsOfOutage(now),
                _ok == true && _inARow >= 2 && (!_isFlapping || now - FirstInARow >= 10));

            var fast = (Long: _byFive.Count(now, Hour), Short: _byMinute.Count(now, 5));
            yield return Burning(now, AlertRule.BurnFast, 30, (14.4m, FastFailures, Hour, fast.Long, 5, fast.Short));
            yield return Burning(
                now, AlertRule.BurnSlow, 2 * Hour, (6, SlowFailures, 6 * Hour, _byFive.Count(now, 6 * Hour), 30, _byFive.Count(now, 30)));
            yield return Burning(
                now,
                AlertRule.BurnTicket,
                6 * Hour,
                (3, DayFailures, Day, _byHour.Count(now, Day), 2 * Hour, _byFive.Count(now, 2 * Hour)),
                (1, ThreeDaysFailures, 3 * Day, _byHour.Count(now, 3 * Day), 6 * Hour, _byFive.Count(now, 6 * Hour)));

            foreach (var judgement in _hours.Judge(now))
            {
                yield return judgement;
            }
        }

        /// <summary>A rate reaches a limit when failures / runs reaches limit * budget; in whole numbers, without rounding.</summary>
        private (AlertRule Rule, bool? Fires, bool? Ends) Burning(
            int now,
            AlertRule rule,
            int hold,
            params (decimal Factor, int Failures, int LongMinutes, (int Runs, int Failed) Long,
                int ShortMinutes, (int Runs, int Failed) Short)[] pairs)
        {
            // Missing runs, and runs that do not count, count as passed.
            bool Reaches((int Runs, int Failed) count, int window, decimal factor) =>
                count.Failed > 0 && 100m * count.Failed >= factor * (100 - (decimal)options.Slo) * Math.Max(count.Runs, window);

            var fires = pairs.Any(pair => pair.Long.Failed - SecondsOf(pair.LongMinutes) >= pair.Failures
                && Reaches(pair.Long, pair.LongMinutes, pair.Factor) && Reaches(pair.Short, pair.ShortMinutes, pair.Factor));
            var burns = pairs.Any(pair =>
                Reaches(pair.Long, pair.LongMinutes, pair.Factor / 2) && Reaches(pair.Short, pair.ShortMinutes, pair.Factor / 2));
            if (burns || (_burned.TryGetValue(rule, out var later) && later > now))
            {
                _burned[rule] = now;
            }

            int SecondsOf(int window) => (window < Day ? _secondsByFive : _secondsByHour).Count(now, window).Failed;

            return (rule, fires, !_burned.TryGetValue(rule, out var burned) || now - burned >= hold);
        }

        /// <summary>
        /// More than three where so many rows of one or two failures end in eight days, that of 43,200 runs a month two or three of them
        /// follow directly upon each other.
        /// </summary>
        private int RunsOfOutage(int now)
        {
            var (rows, seconds) = (_shortRows.Count(now, Kept).Failed, _secondsByHour.Count(now, Kept).Failed);
            var share = Math.Min(1.0 * rows / _byHour.Count(now, Kept).Runs, (double)(100 - (decimal)options.Slo) / 100);
            var adjacent = Enumerable.Range(1, 5).First(many => many == 5 || 43_200 * Math.Pow(share, many) <= 0.1);
            return rows < 5 ? 3 : Math.Clamp((int)Math.Floor(1 + ((adjacent - 1) * Math.Min(2, 1 + (1.0 * seconds / rows)))), 3, 5);
        }

        private int ChangesOfTheHour(int now)
        {
            var count = 0;
            for (var at = _changes.Count - 1; at >= 0 && at >= _changes.Count - 200; at--)
            {
                var (tick, run) = _changes[at];
                if (tick > now - Hour && tick <= now && (run >= _lastBack || _ticks.Skip(run).All(later => tick > later - Hour)))
                {
                    count++;
                }
            }

            return count;
        }

        private void ClockGoesBack(int from)
        {
            _lastBack = _ticks.Count;
            foreach (var tally in new[] { _byMinute, _byFive, _byHour })
            {
                tally.ForgetBefore(from);
            }

            _hours.ForgetBefore(from);
        }
    }
}
