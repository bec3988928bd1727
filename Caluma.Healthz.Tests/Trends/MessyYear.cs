using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// The log of a year of one run a minute with all kinds of trouble: outages, flaky and slow hours, growing latencies, gaps, maintenance,
/// restarts, a second instance, appends that land late or twice, clocks that are set back and ahead.
/// </summary>
internal sealed class MessyYear
{
    public const int Minutes = 365 * 24 * 60;

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly Target[] _targets;
    private DateTimeOffset _newest;
    private int _instance;

    /// <param name="seed">The seed; another one makes another year.</param>
    /// <param name="targets">The targets, and the number of minutes in which they are checked.</param>
    public MessyYear(int seed, params IEnumerable<(string Alias, int Minutes)> targets)
    {
        _random = new Random(seed);
        _targets = [.. targets.Select(target => new Target(target.Alias, target.Minutes, new Random(_random.Next())))];
        for (var window = 0; window < 12; window++)
        {
            var start = Start.AddMinutes(_random.Next(Minutes));
            Options.Maintenance.Add(new MaintenanceWindow(start, start.AddMinutes(_random.Next(20, 300))));
        }
    }

    public HealthzOptions Options { get; } = new();

    /// <summary>The log, in the order in which it was written.</summary>
    public IEnumerable<RunRecord> Log()
    {
        var (skipped, ahead, aheadUntil, secondUntil, heldUntil) = (0, 0, 0, 0, 0);
        var held = new List<RunRecord>();
        var written = new List<RunRecord>();
        for (var minute = 0; minute < Minutes; minute++)
        {
            var runs = new List<RunRecord>();
            if (EveryDays(4))
            {
                skipped = minute + (_random.Next(20) switch { 0 => _random.Next(4000), < 4 => _random.Next(600), _ => _random.Next(1, 9) });
            }

            if (EveryDays(25))
            {
                (ahead, aheadUntil) = (_random.GetItems([-1440, -60, -7, 5, 60, 1440, 3000], 1)[0], minute + _random.Next(5, 180));
            }

            if (EveryDays(3))
            {
                _instance++;
            }

            secondUntil = EveryDays(20) ? minute + _random.Next(400) : secondUntil;
            heldUntil = EveryDays(10) ? minute + _random.Next(40) : heldUntil;
            if (minute >= skipped && _random.Next(2000) > 0)
            {
                var tick = Start.AddMinutes(minute + (minute < aheadUntil ? ahead : 0));
                var run = Run(tick, minute);
                (minute < heldUntil ? held : runs).Add(run);
                if (minute < secondUntil)
                {
                    runs.Add(Run(tick, minute) with { Instance = "second" });
                }
            }

            if (minute == heldUntil)
            {
                runs.AddRange(held);
                held.Clear();
            }

            // An append that was retried.
            runs.AddRange(written.Where(_ => _random.Next(10_000) == 0));
            foreach (var run in runs)
            {
                yield return run;
                written.Insert(0, run);
            }

            written.RemoveRange(Math.Min(written.Count, 10), Math.Max(0, written.Count - 10));
        }
    }

    private bool EveryDays(int days) => _random.Next(days * 24 * 60) == 0;

    private RunRecord Run(DateTimeOffset tick, int minute)
    {
        // Like the recorder.
        _instance += tick < _newest ? 1 : 0;
        _newest = tick;
        List<CheckRecord> checks = [.. _targets.Select(target => target.Run(minute)).OfType<CheckRecord>()];
        var maintenance = Options.Maintenance.Any(window => window.Contains(tick));
        return new RunRecord(
            tick, tick, 10, checks.TrueForAll(check => check.Ok), Late: false, maintenance, "timer", $"i{_instance}", checks);
    }

    private sealed class Target(string alias, int minutes, Random random)
    {
        private readonly double _usual = random.Next(20, 200);
        private int _downUntil;
        private int _flakyUntil;
        private double _flaky;
        private int _slowUntil;
        private double _slow;
        private double _perDay;
        private int _creepsSince;
        private int _goneUntil;

        public CheckRecord? Run(int minute)
        {
            _downUntil = EveryDays(3) ? minute + 1 + random.Next(30) : _downUntil;
            (_flaky, _flakyUntil) = EveryDays(6)
                ? (random.NextDouble() * random.NextDouble(), minute + random.Next(1440)) : (_flaky, _flakyUntil);
            (_slow, _slowUntil) = EveryDays(6) ? (1.5 + (random.NextDouble() * 4), minute + random.Next(30, 900)) : (_slow, _slowUntil);
            (_perDay, _creepsSince) = EveryDays(25) ? (random.Next(600), minute) : (_perDay, _creepsSince);
            _goneUntil = EveryDays(90) ? minute + random.Next(5000) : _goneUntil;
            if (minute < _goneUntil || minute >= minutes)
            {
                return null;
            }

            if (minute < _downUntil || random.NextDouble() < (minute < _flakyUntil ? _flaky : 0.0002))
            {
                return new CheckRecord(Check.Databases, alias, false, 5000, Reason.Timeout);
            }

            var ms = _usual * (1 + (0.3 * Math.Sin(2 * Math.PI * minute / 1440)));
            ms += _perDay * (minute - _creepsSince) / 1440;
            if (ms > 4000)
            {
                // The trouble was mended.
                _perDay = 0;
            }

            ms *= (minute < _slowUntil ? _slow : 1) * Math.Exp(random.NextDouble() - 0.5) * (random.Next(50) == 0 ? 5 : 1);
            return new CheckRecord(Check.Databases, alias, true, Math.Min(ms, 4900));
        }

        private bool EveryDays(int days) => random.Next(days * 24 * 60) == 0;
    }
}
