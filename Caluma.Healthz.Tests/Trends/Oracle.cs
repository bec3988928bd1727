using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// What the rules of design section 6 make of a log of minutes, worked out from all of its runs: arrays with a place for each minute of the year, and
/// p95 and medians of the values themselves. It shares nothing with the product but its words.
/// <para>
/// What the product knows of latencies is 1 % off. Where that decides, the answer is null: either is right.
/// </para>
/// </summary>
internal sealed class Oracle(HealthzOptions options)
{
    private const int Hour = 60;
    private const int Day = 24 * Hour;

    /// <summary>Minute 0, long enough before the year for what windows look back and clocks are put back.</summary>
    private static readonly DateTimeOffset _origin = MessyYear.Start.AddDays(-20);

    private readonly HashSet<(string, int)> _taken = [];
    private readonly bool[] _recorded = new bool[MessyYear.Minutes + (40 * Day)];
    private readonly Dictionary<string, Target> _targets = [];
    private int _before = -1;
    private int _sinceGap;

    /// <summary>Whether a rule fires and whether it ends, for each that is to be judged upon this run.</summary>
    public IEnumerable<Judgement> Take(RunRecord run)
    {
        var now = Minute(run.Tick);
        if (!_taken.Add((run.Instance, now)))
        {
            yield break;
        }

        var missed = _before < 0 ? null : ThirdMissed(now);
        _sinceGap = missed is null ? _sinceGap + 1 : 1;
        (_before, _recorded[now]) = (now, true);
        yield return new Judgement(AlertRule.MissingData, null, missed is not null, _sinceGap >= 2, missed is { } third ? _origin.AddMinutes(third) : run.Tick);

        foreach (var check in run.Checks)
        {
            if (!_targets.TryGetValue(check.Target, out var target))
            {
                _targets.Add(check.Target, target = new Target(options));
            }

            foreach (var (rule, fires, ends) in target.Take(now, check, run.Maintenance))
            {
                yield return new Judgement(rule, check.Target, fires, ends, run.Tick);
            }
        }

        foreach (var (alias, _) in _targets.Where(target => target.Value.Newest < now - Day).ToList())
        {
            _targets.Remove(alias);
            foreach (var rule in Enum.GetValues<AlertRule>())
            {
                yield return new Judgement(rule, alias, false, true, run.Tick);
            }
        }
    }

    private static int Minute(DateTimeOffset tick) => (int)(tick - _origin).TotalMinutes;

    private int? ThirdMissed(int now)
    {
        var inARow = 0;
        for (var minute = _before + 1; minute < now; minute++)
        {
            if (!options.Maintenance.Any(window => window.Contains(_origin.AddMinutes(minute))))
            {
                inARow = _recorded[minute] ? 0 : inARow + 1;
                if (inARow == 3)
                {
                    return minute;
                }
            }
        }

        return null;
    }

    /// <summary>What an oracle says of a rule upon a run; null where it cannot tell.</summary>
    public readonly record struct Judgement(AlertRule Rule, string? Target, bool? Fires, bool? Ends, DateTimeOffset Since)
    {
        /// <summary>Whether what is open ends: not with a run upon which it would fire.</summary>
        public bool? EndsOnly => Fires == true || Ends == false ? false : Fires == false ? Ends : null;
    }

    private sealed class Target(HealthzOptions options)
    {
        /// <summary>No more is known of a time that is longer ago, even if a clock goes back to it.</summary>
        private const int Kept = 8 * Day;
        private const int Week = 7 * 24;

        private readonly Tally _byMinute = new(1, 10);
        private readonly Tally _byFive = new(5, 7 * Hour);
        private readonly Tally _byHour = new(Hour, Kept);
        private readonly List<(int Tick, bool Ok)> _verdicts = [];
        private readonly List<int> _ticks = [];
        private readonly List<(int Tick, int Run)> _changes = [];
        private readonly double[] _p95 = [.. Enumerable.Repeat(double.NaN, (MessyYear.Minutes / Hour) + (40 * 24))];
        private readonly List<double> _latencies = [];
        private int _newestHour = -1;
        private int _first = int.MaxValue;
        private int _lastBack;

        public int Newest => _ticks[^1];

        public IEnumerable<(AlertRule Rule, bool? Fires, bool? Ends)> Take(int now, CheckRecord check, bool maintenance)
        {
            if (_ticks.Count > 0 && now < Newest)
            {
                ClockGoesBack(Newest);
            }

            _ticks.Add(now);
            _first = Math.Min(_first, now);
            var wholeHour = Hours(now, maintenance ? null : check);
            if (maintenance)
            {
                return [];
            }

            foreach (var tally in new[] { _byMinute, _byFive, _byHour })
            {
                tally.Add(now, !check.Ok);
            }

            if (_verdicts.Count > 0 && _verdicts[^1].Ok != check.Ok)
            {
                _changes.Add((now, _ticks.Count - 1));
            }

            _verdicts.Add((now, check.Ok));
            return Judge(now, wholeHour);
        }

        private IEnumerable<(AlertRule Rule, bool? Fires, bool? Ends)> Judge(int now, int? wholeHour)
        {
            bool Last(int count, bool ok) => _verdicts.Count >= count && Enumerable.Range(1, count).All(back => _verdicts[^back].Ok == ok);

            yield return (AlertRule.Unavailable, Last(3, false), Last(2, true));
            var changes = ChangesOfTheHour(now);
            yield return (AlertRule.Flapping, changes >= 6, changes <= 2);

            var fast = (Long: _byFive.Count(now, Hour), Short: _byMinute.Count(now, 5));
            yield return Burning(AlertRule.BurnFast, (14.4m, Hour, fast.Long, 5, fast.Short));
            yield return Burning(AlertRule.BurnSlow, (6, 6 * Hour, _byFive.Count(now, 6 * Hour), 30, _byFive.Count(now, 30)));
            yield return Burning(
                AlertRule.BurnTicket,
                (3, Day, _byHour.Count(now, Day), 2 * Hour, _byFive.Count(now, 2 * Hour)),
                (1, 3 * Day, _byHour.Count(now, 3 * Day), 6 * Hour, _byFive.Count(now, 6 * Hour)));

            if (wholeHour is { } hour)
            {
                var week = Enumerable.Range(hour - Week, Week).Where(before => before * Hour > now - Kept && !double.IsNaN(_p95[before])).ToList();
                if (!double.IsNaN(_p95[hour]) && week.Count >= 24)
                {
                    yield return Drift(_p95[hour], Median([.. week.Select(before => _p95[before])]));
                }

                var points = week.Where(before => before > hour - Week).Append(hour).Where(at => !double.IsNaN(_p95[at])).ToList();
                if (points.Count >= 48)
                {
                    yield return Forecast(hour, points);
                }
            }
        }

        /// <summary>A rate is at a limit where failures / runs * age / window reaches limit * budget: in whole numbers, nothing is rounded.</summary>
        private (AlertRule Rule, bool? Fires, bool? Ends) Burning(
            AlertRule rule, params (decimal Factor, int LongMinutes, (int Runs, int Failed) Long, int ShortMinutes, (int Runs, int Failed) Short)[] pairs)
        {
            bool Reaches((int Runs, int Failed) count, int window, decimal factor) =>
                count.Runs > 0
                && 100m * count.Failed * Math.Min(window, Newest - _first) >= factor * (100 - (decimal)options.Slo) * count.Runs * window;

            var fires = pairs.Any(pair =>
                pair.Long.Failed >= 3 && Reaches(pair.Long, pair.LongMinutes, pair.Factor) && Reaches(pair.Short, pair.ShortMinutes, pair.Factor));
            var burns = pairs.Any(pair => Reaches(pair.Long, pair.LongMinutes, pair.Factor / 2) && Reaches(pair.Short, pair.ShortMinutes, pair.Factor / 2));
            return (rule, fires, !burns);
        }

        private static (AlertRule Rule, bool? Fires, bool? Ends) Drift(double p95, double usual)
        {
            bool? Over(double factor, double ms) => Between(
                (p95 * 0.99) - Math.Max(factor * usual * 1.01, (usual * 1.01) + ms),
                (p95 * 1.01) - Math.Max(factor * usual * 0.99, (usual * 0.99) + ms));

            return (AlertRule.LatencyDrift, Over(2, 50), !Over(1.5, 25));
        }

        private (AlertRule Rule, bool? Fires, bool? Ends) Forecast(int hour, List<int> points)
        {
            var (soonest, latest) = (Days(1.01, 0.99), Days(0.99, 1.01));
            return (AlertRule.TimeoutForecast, Between(7 - latest, 7 - soonest), !Between(9 - latest, 9 - soonest));

            // All values off such that the timeout comes as soon as it can, or as late.
            double Days(double later, double earlier)
            {
                var slopes = new double[points.Count * (points.Count - 1) / 2];
                var next = 0;
                for (var to = 1; to < points.Count; to++)
                {
                    var end = _p95[points[to]] * later;
                    for (var from = 0; from < to; from++)
                    {
                        slopes[next++] = (end - (_p95[points[from]] * earlier)) * 24 / (points[to] - points[from]);
                    }
                }

                var slope = Median(slopes);
                var now = Median([.. points.Select(at => (_p95[at] * later) + (slope * (hour - at) / 24))]);
                var left = options.Timeout.TotalMilliseconds - now;
                return left <= 0 ? 0 : slope <= 0 ? double.PositiveInfinity : left / slope;
            }
        }

        /// <summary>Whether a number is not negative that is between these two; null where it may or may not be.</summary>
        private static bool? Between(double least, double most) => least >= 0 ? true : most < 0 ? false : null;

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

        /// <summary>The p95 of an hour is that of the passes that were recorded while it was the newest one.</summary>
        /// <returns>The hour that has ended with this run.</returns>
        private int? Hours(int now, CheckRecord? counts)
        {
            var (hour, ended) = (now / Hour, default(int?));
            if (hour > _newestHour)
            {
                if (_newestHour >= 0)
                {
                    ended = _newestHour;
                    _latencies.Sort();
                    _p95[_newestHour] = _latencies.Count < 4 ? double.NaN : _latencies[((_latencies.Count * 95) + 99) / 100 - 1];
                }

                _newestHour = hour;
                _latencies.Clear();
            }

            if (hour == _newestHour && counts is { Ok: true })
            {
                _latencies.Add(counts.Ms);
            }

            return ended;
        }

        private void ClockGoesBack(int from)
        {
            _lastBack = _ticks.Count;
            foreach (var tally in new[] { _byMinute, _byFive, _byHour })
            {
                tally.ForgetBefore(from);
            }

            Array.Fill(_p95, double.NaN, 0, Math.Max(0, (from - Kept) / Hour) + 1);
        }

        private static double Median(double[] values)
        {
            var middle = values.Length / 2;
            var upper = Select(values, middle);
            return values.Length % 2 == 1 ? upper : (upper + values.AsSpan(0, middle).ToArray().Max()) / 2;
        }

        /// <summary>Quickselect: of the slopes between all hours of a week, a sort takes five times as long.</summary>
        private static double Select(double[] values, int place)
        {
            var (first, last) = (0, values.Length - 1);
            while (first < last)
            {
                var (low, high, pivot) = (first, last, values[Random.Shared.Next(first, last + 1)]);
                while (low <= high)
                {
                    for (; values[low] < pivot; low++)
                    {
                    }

                    for (; values[high] > pivot; high--)
                    {
                    }

                    if (low <= high)
                    {
                        (values[low], values[high]) = (values[high], values[low]);
                        (low, high) = (low + 1, high - 1);
                    }
                }

                if (place > high && place < low)
                {
                    break;
                }

                (first, last) = place <= high ? (first, high) : (low, last);
            }

            return values[place];
        }
    }

    /// <summary>How many runs and failures there were before each minute of the year, by the start of the bucket they are in.</summary>
    private sealed class Tally(int width, int kept)
    {
        private readonly long[] _before = new long[MessyYear.Minutes + (40 * Day)];
        private int _end;

        public void Add(int minute, bool failed)
        {
            Extend(minute + 1);
            for (var after = minute + 1; after <= _end; after++)
            {
                _before[after] += (1L << 32) + (failed ? 1 : 0);
            }
        }

        /// <summary>A window holds the buckets that begin after now minus its length.</summary>
        public (int Runs, int Failed) Count(int now, int window)
        {
            var end = Bucket(now + width);
            Extend(end);
            var sum = _before[end] - _before[Bucket(now - window + width)];
            return ((int)(sum >> 32), (int)sum);
        }

        public void ForgetBefore(int now)
        {
            var known = Math.Min(_end, Bucket(now - kept + width));
            Array.Fill(_before, _before[known], 0, known);
        }

        private int Bucket(int minute) => minute / width * width;

        private void Extend(int minute)
        {
            for (; _end < minute; _end++)
            {
                _before[_end + 1] = _before[_end];
            }
        }
    }
}
