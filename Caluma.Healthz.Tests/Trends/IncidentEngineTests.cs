using System.Globalization;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// The incidents of runs. Runs are written as in a <see cref="Story"/>, whose targets are <c>d</c>, <c>g</c> and <c>m</c> (connection,
/// migrations and models of the database), <c>c</c> (cache) and <c>s</c> (media storage). <c>+</c> is opened, <c>~</c> updated and <c>-</c>
/// resolved.
/// </summary>
public sealed class IncidentEngineTests
{
    [Theory]
    [InlineData("..", "")]
    [InlineData("xx .9", "")]
    [InlineData("xxx", "+database@12:02")]
    [InlineData("x20 .9", "+database@12:02")]
    [InlineData("x20 .10", "+database@12:02 -database@12:29")]
    [InlineData("x20 .1d", "+database@12:02 -database@12:29")]
    public void An_outage_is_one_page_and_resolves_after_ten_minutes_of_passes(string runs, string said) =>
        Assert.Equal(said, Tell(("d", runs)));

    [Theory]
    [InlineData("x9 .20", "x9 .20", "x9 .20", "+database@12:02 -database@12:18")]
    [InlineData("..x9 .20", "..x9 .20", "x11 .20", "+database@12:02 ~database@12:07 -database@12:20")]
    [InlineData("x60 .20", ".20 x40 .20", ".30 x30 .20", "+database@12:02 ~database@12:22 ~database@12:32 -database@13:09")]
    public void The_checks_of_a_system_are_one_incident_and_a_joining_check_is_one_update(
        string connection, string migrations, string models, string said) =>
        Assert.Equal(said, Tell(("d", connection), ("g", migrations), ("m", models)));

    [Fact]
    public void Checks_that_join_within_five_minutes_share_an_update() =>
        Assert.Equal("+database@12:02 ~database@12:07", Tell(("d", "x12"), ("g", "..x10"), ("m", "...x9")));

    [Theory]
    [InlineData("x9 .20", ".29", ".29", "+database@12:02 -database@12:18")]
    [InlineData("x9 .20", "x9 .20", ".29", "+database@12:02 +cache@12:02 -database@12:18 -cache@12:18")]
    [InlineData("x9 .20", "x9 .20", "x9 .20", "+probe@12:02 -probe@12:18")]
    [InlineData("x20 .20", ".10 x10 .20", ".10 x10 .20", "+database@12:02 +probe@12:12 -database@12:29 -probe@12:29")]
    public void Failures_of_all_systems_are_an_incident_of_the_probe(string database, string cache, string media, string said) =>
        Assert.Equal(said, Tell(("d", database), ("c", cache), ("s", media)));

    [Fact]
    public void Failures_of_a_single_system_are_no_incident_of_the_probe() =>
        Assert.StartsWith("+database", Tell(("d", "xxx"), ("m", "xxx")), StringComparison.Ordinal);

    [Theory]
    [InlineData("x5 .6 x5 .28", "+database@12:02")]
    [InlineData("x5 .6 x5 .30", "+database@12:02 -database@12:45")]
    [InlineData("x5 .4 x .4 x .4 x .40", "+database@12:02 -database@12:53")]
    public void An_incident_with_a_relapse_resolves_after_half_an_hour(string runs, string said) => Assert.Equal(said, Tell(("d", runs)));

    [Theory]
    [InlineData("x5 .20 x5", "+database@12:02 -database@12:14 ~database@12:27")]
    [InlineData("x5 .20 x5 .1d", "+database@12:02 -database@12:14 ~database@12:27 -database@12:59")]
    [InlineData("x5 .60 x5 .20", "+database@12:02 -database@12:14 +database@13:07 -database@13:19")]
    public void A_failure_within_half_an_hour_reopens_the_incident_and_a_later_one_opens_another(string runs, string said) =>
        Assert.Equal(said, Tell(("d", runs)));

    [Theory]
    [InlineData("x60 .40 x .1d")]
    [InlineData("x60 .60 x .90 x .1d")]
    public void A_single_failure_after_an_incident_is_no_news_although_the_budget_still_burns(string runs) =>
        Assert.Equal("+database@12:02 -database@13:09", Tell(("d", runs)));

    [Fact]
    public void A_slowly_burning_budget_is_a_page_that_resolves_with_its_alert()
    {
        var said = Tell(("d", ".3d | (x.24)60 .1d"));

        Assert.Matches("^\\+database@\\S+ -database@\\S+$", said);
    }

    [Theory]
    [InlineData("x9 m60 .30", "+database@12:02 -database@13:10")]
    [InlineData("m60 x25 .30", "+database@13:02 -database@13:34")]
    public void Maintenance_opens_no_incident(string runs, string said) => Assert.Equal(said, Tell(("d", runs)));

    [Theory]
    [InlineData("._9 .20", "+recording@12:10 -recording@12:13")]
    [InlineData("._3 .20", "+recording@12:04 -recording@12:13")]
    [InlineData("._9 ..x9", "+recording@12:10 -recording@12:13 +database@12:14")]
    public void Missing_runs_are_an_incident_of_the_recording(string runs, string said) =>
        Assert.StartsWith(said, Tell(("d", runs)), StringComparison.Ordinal);

    [Fact]
    public void Slow_checks_of_a_system_are_one_ticket()
    {
        var records = Enumerable.Range(0, 10 * 1440).Select(minute => Record(
            minute, [.. "dgm".Select(what => ($"{what}", '.', minute is > 9 * 1440 and < (9 * 1440) + 300 ? 400.0 : 100.0))]));

        var said = Tell(records, new HealthzOptions());

        Assert.Matches("^\\+database-ticket@\\S+ -database-ticket@\\S+$", said);
    }

    [Fact]
    public void An_incident_has_system_checks_reason_start_and_next_step()
    {
        var replay = Replayed(("d", ".5 xxx"), ("m", ".5 xxx"));

        var incident = Assert.Single(replay.Incidents);
        Assert.Equivalent(
            new Incident(
                "database-default-20261122T120500Z",
                "database",
                "default",
                CheckSet.Of(Check.Databases, Check.DatabaseModels),
                Severity.Critical,
                Story.At("12:05"),
                Story.At("12:07"),
                1,
                Reason.Connect)
            {
                Timeline = [new(IncidentEvent.Opened, Story.At("12:07"), CheckSet.Of(Check.Databases, Check.DatabaseModels))],
            },
            incident,
            strict: true);
        Assert.Equal("Check that it runs, and listens on this address and port.", incident.Next);
    }

    [Fact]
    public void There_is_a_next_step_for_every_reason() => Assert.All(
        Enum.GetValues<Reason>(),
        reason => Assert.EndsWith(".", (Replayed(("d", "xxx")).Incidents[0] with { Reason = reason }).Next, StringComparison.Ordinal));

    [Fact]
    public void Aliases_that_look_alike_in_an_id_have_different_ones()
    {
        string[] aliases = ["a b", "a_b", "a/b"];
        var ids = aliases.Select(alias => new AffectedSystem("database", alias).IdOf(Story.Noon, Severity.Critical)).ToList();

        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Matches("^[A-Za-z0-9._-]+$", id));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_incident_is_opened_once_and_resolved_once(int seed)
    {
        var random = new Random(seed);
        var records = new List<RunRecord>();
        var downUntil = new int[5];
        for (var minute = 0; minute < 6000; minute++)
        {
            for (var series = 0; series < 5; series++)
            {
                downUntil[series] = random.Next(2000) == 0 ? minute + random.Next(40) : downUntil[series];
            }

            if (random.Next(50) > 0)
            {
                records.Add(Record(minute, [.. "dgmcs".Select((what, series) =>
                    ($"{what}", minute < downUntil[series] || random.Next(300) == 0 ? 'x' : '.', 10.0))]));
            }
        }

        var (open, ids) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (change, _) in Changes(records, new HealthzOptions()))
        {
            var id = change.Incident.Id;
            Assert.Equal(change.Event == IncidentEvent.Resolved, change.Incident.Resolved is not null);
            Assert.True(change.Incident.Started <= change.Incident.Opened, $"{change}");
            switch (change.Event)
            {
                case IncidentEvent.Opened:
                    Assert.True(ids.Add(id), $"{change} is opened twice.");
                    Assert.True(open.Add(id));
                    break;
                case IncidentEvent.Updated:
                    open.Add(id);
                    break;
                default:
                    Assert.True(open.Remove(id), $"{change} is resolved twice.");
                    break;
            }
        }

        Assert.True(ids.Count > 5, $"{ids.Count} incidents");
    }

    internal static string Time(DateTimeOffset time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Tell(params (string What, string Runs)[] targets)
    {
        var story = new Story();
        return Tell(story.Runs([.. targets.Select(target => (target.What, target.Runs))]).Select(Named), new HealthzOptions());
    }

    private static string Tell(IEnumerable<RunRecord> records, HealthzOptions options) =>
        string.Join(' ', Changes(records, options).Select(said =>
    {
        var (change, tick) = said;
        var sign = change.Event switch { IncidentEvent.Opened => '+', IncidentEvent.Updated => '~', _ => '-' };
        var ticket = change.Incident.Severity == Severity.Warning ? "-ticket" : "";
        return $"{sign}{change.Incident.System}{ticket}@{Time(tick)}";
    }));

    /// <summary>As in <see cref="Story"/>, each record lands twice, and the state is written and read after each run.</summary>
    private static List<(IncidentChange Change, DateTimeOffset Tick)> Changes(IEnumerable<RunRecord> records, HealthzOptions options)
    {
        var engine = new AlertEngine(options);
        var (state, written) = (new TrendState(), new TrendState());
        var said = new List<(IncidentChange, DateTimeOffset)>();
        foreach (var record in records)
        {
            var changes = engine.Evaluate(state, record).Incidents;
            Assert.Empty(engine.Evaluate(state, record).Incidents);
            if (record.Tick >= Story.Noon && record.Tick < Story.Noon.AddHours(6))
            {
                written = Story.Read(Story.Write(written));
            }

            Assert.Equivalent(changes, engine.Evaluate(written, record).Incidents, strict: true);
            said.AddRange(changes.Select(change => (change, record.Tick)));
        }

        Assert.Equal(Story.Write(state), Story.Write(written));
        return said;
    }

    /// <summary>Replays a story.</summary>
    internal static Replay Replayed(params (string What, string Runs)[] targets)
    {
        var replay = new Replay(new HealthzOptions());
        foreach (var record in new Story().Runs([.. targets.Select(target => (target.What, target.Runs))]).Select(Named))
        {
            replay.Add(record);
        }

        return replay;
    }

    private static RunRecord Record(int minute, params (string What, char Verdict, double Ms)[] targets) => Runs.At(
        Story.Noon.AddMinutes(minute),
        [
            .. targets.Select(target => Named(new CheckRecord(
                Check.Databases, target.What, target.Verdict == '.', target.Ms, target.Verdict == '.' ? null : Reason.Connect))),
        ]);

    private static RunRecord Named(RunRecord record) => record with { Checks = [.. record.Checks.Select(Named)] };

    private static CheckRecord Named(CheckRecord check) => check with
    {
        Target = "default",
        Check = check.Target switch
        {
            "d" => Check.Databases,
            "g" => Check.DatabaseMigrations,
            "m" => Check.DatabaseModels,
            "c" => Check.Caches,
            _ => Check.MediaStorageService,
        },
    };
}
