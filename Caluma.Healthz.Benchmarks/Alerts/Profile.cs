using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Benchmarks.Alerts;

/// <summary>A healthy system, or one that changes in a known way: generates its runs from a seed.</summary>
internal sealed record Profile(string Name)
{
    /// <summary>How many alerts a month and check a system that is well may raise.</summary>
    public const double Goal = 0.2;

    /// <summary>A Monday, at midnight.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    public string Schedule { get; init; } = "0 * * * * *";

    public double Slo { get; init; } = 99.5;

    /// <summary>The median latency at a load of 1, in milliseconds: large enough that the 50 ms of the drift rule do not matter.</summary>
    public double BaseMs { get; init; } = 200;

    /// <summary>The usual latency at a time, as a factor. The days are those since the start of the simulation, the time is UTC.</summary>
    public Func<DateTimeOffset, double> Load { get; init; } = _ => 1;

    public Func<Random, double> Noise { get; init; } = Alerts.Noise.LogNormal(1);

    /// <summary>The share of runs that fail, each independent of the others.</summary>
    public double Failing { get; init; }

    /// <summary>How many runs in a row fail with each that does.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>How many alerts a month and check it may raise: more only where docs/rules.md says why.</summary>
    public double MaxAlertsPerMonth { get; init; } = Goal;

    /// <summary>The share of runs that are not recorded, each independent of the others.</summary>
    public double Missing { get; init; }

    /// <summary>Which runs nobody records.</summary>
    public Func<DateTimeOffset, bool> Lacks { get; init; } = _ => false;

    /// <summary>The hours of maintenance of each day.</summary>
    public (double From, double To)? MaintenanceHours { get; init; }

    /// <summary>The weekday on which it begins: 0 is Monday.</summary>
    public int FirstDay { get; init; }

    public HealthzOptions Options => new()
    {
        Schedule = Configuration.Schedule.Parse(Schedule, out var problem) ?? throw new ArgumentException(problem),
        Slo = Slo,
    };

    /// <summary>Generates the runs of some days.</summary>
    public IEnumerable<RunRecord> Runs(int seed, double days)
    {
        var random = new Random(seed);
        var options = Options;
        var start = Start.AddDays(FirstDay);
        var timeout = options.Timeout.TotalMilliseconds;
        var left = 0;
        for (var tick = options.Schedule.Next(start.AddTicks(-1)); tick < start.AddDays(days); tick = options.Schedule.Next(tick))
        {
            var ms = BaseMs * Load(tick) * Noise(random);
            left = random.NextDouble() < Failing && left == 0 ? Burst : left;
            var fails = left-- > 0;
            left = Math.Max(0, left);
            if (random.NextDouble() >= Missing && !Lacks(tick))
            {
                var maintenance = MaintenanceHours is var (from, to) && tick.TimeOfDay.TotalHours >= from && tick.TimeOfDay.TotalHours < to;
                yield return Run(tick, maintenance, fails
                    ? new CheckRecord(Check.Databases, "default", false, 5, Reason.Connect)
                    : new CheckRecord(Check.Databases, "default", true, Math.Round(Math.Min(ms, timeout - 1), 2)));
            }
        }
    }

    public static RunRecord Run(DateTimeOffset tick, bool maintenance, params IReadOnlyList<CheckRecord> checks) =>
        new(tick, tick, checks.Max(check => check.Ms), checks.All(check => check.Ok),
            Late: false, maintenance, "simulation", "simulation", checks);
}
