using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// Writes runs as a string, one character for each tick of the schedule, and the answers of the rules as another. <para> A run is <c>.</c>
/// (passes), <c>x</c> (fails), <c>o</c> and <c>m</c> (the same two during maintenance), <c>_</c> (was not recorded) or <c>-</c> (was
/// recorded without this target). <c>x9</c> is nine of them, <c>.3d</c> as many as three days have, <c>(x.)5</c> is <c>x.x.x.x.x.</c>. What
/// is before a <c>|</c> was before noon, and where there is none, it all begins at noon. <c>&lt;1h</c> puts the clock back, <c>&gt;1h</c>
/// ahead.
/// </para> <para> A triggered alert is <c>+unavailable@12:02</c>, a resolved one <c>-unavailable@12:04</c>; <c>@1d12:02</c> is on the next
/// day.
/// </para>
/// </summary>
internal sealed partial class Story
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly HealthzOptions _options = new();
    private TrendState _written = new();

    /// <summary>The rules over verdicts, for stories that are not about burn rates.</summary>
    public static readonly IReadOnlyList<AlertRule> Verdicts = [AlertRule.Unavailable, AlertRule.Flapping, AlertRule.MissingData];

    /// <summary>The objective.</summary>
    public double Slo { init => _options.Slo = value; }

    public TimeSpan Timeout { init => _options.Timeout = value; }

    public string Schedule { init => _options.Schedule = Caluma.Healthz.Configuration.Schedule.Parse(value, out _)!; }

    /// <summary>
    /// The maintenance windows, such as <c>12:05/12:10</c>. They say which ticks need no record; whether a run counts is in its record.
    /// </summary>
    public string[] Maintenance { init => Array.ForEach(value, window => _options.Maintenance.Add(Window(window))); }

    /// <summary>The rules to show; empty for all.</summary>
    public IReadOnlyList<AlertRule> Only { get; init; } = [];

    /// <summary>The second process restarts before each run; otherwise as <see cref="UntilRestart"/> says.</summary>
    public bool RestartsAtEachRun { get; init; }

    /// <summary>The final state.</summary>
    public TrendState State { get; } = new();

    public AlertEngine Engine => new(_options);

    public static DateTimeOffset At(string time) => Noon.AddHours(-12) + TimeSpan.Parse(time, CultureInfo.InvariantCulture);

    /// <summary>A run of one target.</summary>
    public static RunRecord Run(DateTimeOffset tick, char verdict, string instance = "a") => Run(tick, instance, ("default", verdict, 10));

    /// <summary>Tells a story of one target.</summary>
    /// <returns>The answers of the rules.</returns>
    public string Tell(string runs) => Tell(("default", runs));

    /// <summary>Tells a story of several targets.</summary>
    public string Tell(params (string Target, string Runs)[] targets) => Tell(Runs(targets));

    /// <summary>
    /// Gives the runs to the rules, from noon on twice each, like a retried append. It gives them to a second process as well, whose state
    /// is written and read back now and then. The test fails if that makes a difference.
    /// </summary>
    public string Tell(IEnumerable<RunRecord> records)
    {
        var engine = Engine;
        var told = new List<string>();
        var (restarted, begun) = (new DateTimeOffset(), false);
        foreach (var record in records)
        {
            if (!begun && record.Tick >= Noon)
            {
                (begun, _written) = (true, Read(Write(State)));
            }

            var changes = engine.Evaluate(State, record).Alerts;
            if (begun)
            {
                Assert.Empty(engine.Evaluate(State, record).Alerts);
                if (RestartsAtEachRun || (record.Tick - restarted).Duration() >= UntilRestart(record.Tick))
                {
                    (_written, restarted) = (Read(Write(_written)), record.Tick);
                }

                Assert.Equal(changes, engine.Evaluate(_written, record).Alerts);
                restarted = changes.Count > 0 ? default : restarted;
            }

            told.AddRange(changes.Where(change => Only.Count == 0 || Only.Contains(change.Rule)).Select(change => Show(change)));
        }

        _written = begun ? _written : Read(Write(State));
        Assert.True(
            JsonNode.DeepEquals(JsonNode.Parse(Write(State)), JsonNode.Parse(Write(_written))), $"{Write(State)}\n{Write(_written)}");
        return string.Join(' ', told);
    }

    /// <summary>Lets time pass without a run.</summary>
    public string Wait(string until)
    {
        var changes = Engine.Advance(State, At(until));
        _written = Read(Write(_written));
        Assert.Equal(changes, Engine.Advance(_written, At(until)));
        return string.Join(' ', changes.Select(change => Show(change)));
    }

    /// <summary>The runs of a story.</summary>
    public IEnumerable<RunRecord> Runs(params (string Target, string Runs)[] targets)
    {
        var schedule = _options.Schedule;
        var interval = schedule.Next(schedule.Next(Noon)) - schedule.Next(Noon);
        var steps = targets.Select(target => Expand(target.Runs, interval)).ToList();
        var noon = Math.Max(0, steps[0].FindIndex(step => step.Sign == '|'));
        var tick = schedule.Next((Noon - (noon * interval)).AddTicks(-1));
        var instance = 1;
        for (var at = 0; at < steps[0].Count; at++)
        {
            switch (steps[0][at])
            {
                case ('|', _):
                    break;
                case ('<', var back):
                    // Like the recorder, so that a repeated tick does not count as a record that landed twice.
                    tick -= back;
                    instance++;
                    break;
                case ('>', var ahead):
                    tick += ahead;
                    break;
                case ('_', _):
                    tick = schedule.Next(tick);
                    break;
                default:
                    yield return Run(tick, $"a{instance}", [.. targets.Select((target, one) => (target.Target, steps[one][at].Sign, 10d))]);
                    tick = schedule.Next(tick);
                    break;
            }
        }
    }

    public static string Write(TrendState state) => JsonSerializer.Serialize(state, TrendsJson.Default.TrendState);

    public static TrendState Read(string state) => JsonSerializer.Deserialize(state, TrendsJson.Default.TrendState)!;

    private static RunRecord Run(DateTimeOffset tick, string instance, params (string Target, char Verdict, double Ms)[] targets) => new(
        tick,
        tick,
        10,
        targets.All(target => target.Verdict is '.' or 'o' or '-'),
        Late: false,
        Maintenance: targets.Any(target => target.Verdict is 'o' or 'm'),
        "test",
        instance,
        [
            .. targets.Where(target => target.Verdict != '-').Select(target => target.Verdict is '.' or 'o'
                ? new CheckRecord(Check.Databases, target.Target, true, target.Ms)
                : new CheckRecord(Check.Databases, target.Target, false, target.Ms, Reason.Connect)),
        ]);

    /// <summary>
    /// How long a process lives: a single run in the half hour after noon, which most stories are about, and otherwise until the run after
    /// a change.
    /// </summary>
    private static TimeSpan UntilRestart(DateTimeOffset tick) => (tick - Noon).TotalHours switch
    {
        >= 0 and < 0.5 => TimeSpan.Zero,
        >= 0.5 and < 6 => TimeSpan.FromMinutes(15),
        _ => TimeSpan.FromHours(6),
    };

    private static List<(char Sign, TimeSpan Jump)> Expand(string runs, TimeSpan interval)
    {
        var steps = new List<(char, TimeSpan)>();
        var end = 0;
        foreach (Match part in Part().Matches(runs))
        {
            Assert.Equal(end, part.Index);
            end += part.Length;
            var what = part.Groups["what"].Value.Trim();
            var amount = part.Groups["amount"].Value;
            var unit = part.Groups["unit"].Value;
            var time = unit switch
            {
                "d" => TimeSpan.FromDays(1),
                "h" => TimeSpan.FromHours(1),
                "min" => TimeSpan.FromMinutes(1),
                _ => interval,
            };
            time *= amount.Length == 0 ? 1 : int.Parse(amount, CultureInfo.InvariantCulture);
            if (what is "<" or ">" or "|")
            {
                steps.Add((what[0], time));
            }
            else if (what.Length > 0)
            {
                var repeated = what[0] == '(' ? Expand(what[1..^1], interval) : [(what[0], TimeSpan.Zero)];
                steps.AddRange(Enumerable.Repeat(repeated, (int)(time / interval)).SelectMany(step => step));
            }
        }

        Assert.Equal(runs.Length, end);
        return steps;
    }

    private static MaintenanceWindow Window(string window)
    {
        var times = window.Split('/');
        return new MaintenanceWindow(At(times[0]), At(times[1]));
    }

    private static string Show(Alert alert)
    {
        var target = alert.Target is null or "default" ? "" : $"({alert.Target})";
        return $"{(alert.Resolved is null ? '+' : '-')}{alert.Rule.Name()}{target}@{Show(alert.Resolved ?? alert.Triggered)}";
    }

    private static string Show(DateTimeOffset time)
    {
        var days = (time.Date - Noon.Date).Days;
        return (days == 0 ? "" : $"{days}d") + time.ToString(time.Second == 0 ? "HH:mm" : "HH:mm:ss", CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"(?<what>[.xom_|<>-]|\([^)]*\)|\s+)((?<amount>\d+)(?<unit>d|h|min)?)?")]
    private static partial Regex Part();
}
