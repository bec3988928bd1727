using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>What fails together is told of together: one cause, one page.</summary>
public sealed class IncidentGroupTests
{
    private static readonly Series _cache = new(Check.Caches, "default");
    private static readonly Series _media = new(Check.MediaStorageService, "default");

    [Theory]
    [InlineData(2)]
    [InlineData(50)]
    [InlineData(150)]
    public void Databases_that_die_together_are_one_page(int count)
    {
        var incident = Assert.Single(Replayed([.. Databases(count), _cache], 60, (minute, series) => series != _cache && minute < 20));

        Assert.Equal(
            ("databases-20261122T120000Z", "databases", "databases", Severity.Critical, Reason.Connect, 1),
            (incident.Id, incident.System, incident.Target, incident.Severity, incident.Reason, incident.Notifications));
        Assert.Equal(
            (Story.At("12:00"), Story.At("12:02"), Story.At("12:29")), (incident.Started, incident.Opened, incident.Resolved));
        Assert.Equal(CheckSet.Of(Check.Databases, Check.DatabaseModels), incident.Checks);
        Assert.Equal(Enumerable.Range(0, count).Select(one => new AffectedSystem("database", $"db{one:000}")), incident.Members);
        Assert.StartsWith("Look first at what these share", incident.Next, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_of_one_host_alone_are_in_it()
    {
        var incident = Assert.Single(Replayed([.. Databases(50), _cache], 60, (minute, series) => IsOneOf(series, 0, 20) && minute < 20));

        Assert.Equal(20, incident.Members!.Count);
    }

    [Fact]
    public void All_checks_of_one_target_are_one_page_of_that_target()
    {
        var incident = Assert.Single(Replayed([.. Databases(50), _cache], 60, (minute, series) => IsOneOf(series, 7, 8) && minute < 20));

        Assert.Equal(("database", "db007", null), (incident.System, incident.Target, incident.Members));
    }

    [Theory]
    [InlineData(1, 4, 2)]
    [InlineData(5, 4, 3)]
    [InlineData(3, 8, 3)]
    public void A_rolling_restart_is_one_page_and_a_few_updates(int minutesApart, int minutesDown, int maxTold)
    {
        var incident = Assert.Single(Replayed([.. Databases(10), _cache], 120, (minute, series) =>
            series != _cache && minute >= Number(series) * minutesApart && minute < (Number(series) * minutesApart) + minutesDown));

        Assert.Equal(("database-db000-20261122T120000Z", 10), (incident.Id, incident.Members!.Count));
        Assert.InRange(incident.Notifications, 2, maxTold);
        Assert.NotNull(incident.Resolved);
        Assert.Equal(incident.Notifications + 1, incident.Timeline.Count);
    }

    [Fact]
    public void Those_that_follow_one_are_an_update()
    {
        var incident = Assert.Single(
            Replayed([.. Databases(50), _cache], 90, (minute, series) =>
                series != _cache && minute >= (Number(series) == 3 ? 0 : 6) && minute < 40));

        Assert.Equal(("database", "db003", 50, 2), (incident.System, incident.Target, incident.Members!.Count, incident.Notifications));
        Assert.Equal(IncidentEvent.Updated, incident.Timeline[1].Event);
    }

    [Fact]
    public void What_fails_half_an_hour_later_is_another_page()
    {
        var incidents = Replayed([.. Databases(50), _cache], 180, (minute, series) =>
            (IsOneOf(series, 0, 1) && minute < 90) || (IsOneOf(series, 1, 2) && minute is >= 40 and < 60));

        Assert.Equal(["db000", "db001"], incidents.Select(incident => incident.Target));
    }

    [Fact]
    public void What_a_network_split_cuts_off_is_one_page()
    {
        var incident = Assert.Single(Replayed(
            [.. Databases(6), _cache, _media], 60, (minute, series) => (IsOneOf(series, 0, 4) || series == _cache) && minute < 20));

        Assert.Equal(("systems-20261122T120000Z", "systems", 5), (incident.Id, incident.Target, incident.Members!.Count));
        Assert.Contains(new AffectedSystem("cache", "default"), incident.Members);
    }

    [Fact]
    public void Some_that_come_back_are_the_same_page()
    {
        var incident = Assert.Single(Replayed([.. Databases(5), _cache], 180, (minute, series) =>
            (series != _cache && minute < 20) || (IsOneOf(series, 2, 4) && minute is >= 45 and < 60)));

        Assert.Equal(("databases-20261122T120000Z", 2), (incident.Id, incident.Notifications));
    }

    [Fact]
    public void Databases_that_are_slow_together_are_one_ticket()
    {
        var databases = Databases(5);
        var records = Enumerable.Range(0, 9 * 24 * 60).Select(minute => Record(
            minute, databases, _ => false, minute is > 8 * 24 * 60 and < (8 * 24 * 60) + 300 ? 400 : 100));

        var incident = Assert.Single(Replayed(records));

        Assert.Equal((Severity.Warning, "databases", 5), (incident.Severity, incident.System, incident.Members!.Count));
    }

    [Fact]
    public void Each_is_opened_once_and_resolved_once_whatever_follows_whatever()
    {
        var random = new Random(5);
        List<Series> all = [.. Databases(8), _cache, _media];
        var downUntil = new int[9];
        var (engine, state, open) = (new AlertEngine(new HealthzOptions()), new TrendState(), new HashSet<string>());
        var ids = new HashSet<string>();
        for (var minute = 0; minute < 5000; minute++)
        {
            if (random.Next(300) == 0)
            {
                Array.Fill(downUntil, minute + random.Next(30), random.Next(4), 1 + random.Next(5));
            }

            var now = minute;
            state = minute % 50 == 0 ? Story.Read(Story.Write(state)) : state;
            foreach (var change in engine.Evaluate(state, Record(now, all, series => now < downUntil[Number(series)], 10)).Incidents)
            {
                Assert.True(change.Event switch
                {
                    IncidentEvent.Opened => ids.Add(change.Incident.Id) && open.Add(change.Incident.Id),
                    IncidentEvent.Resolved => open.Remove(change.Incident.Id),
                    _ => open.Add(change.Incident.Id) || ids.Contains(change.Incident.Id),
                }, $"{change}");
            }
        }

        Assert.True(ids.Count > 5, $"{ids.Count} incidents");
    }

    private static List<Series> Databases(int count) =>
    [
        .. from number in Enumerable.Range(0, count)
           from check in (Check[])[Check.Databases, Check.DatabaseModels]
           select new Series(check, $"db{number:000}"),
    ];

    private static int Number(Series series) =>
        series == _cache ? 8 : series == _media ? 8 : int.Parse(series.Target[2..], System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsOneOf(Series series, int from, int to) =>
        series != _cache && series != _media && Number(series) >= from && Number(series) < to;

    private static IReadOnlyList<Incident> Replayed(List<Series> all, int minutes, Func<int, Series, bool> fails) =>
        Replayed(Enumerable.Range(0, minutes).Select(minute => Record(minute, all, series => fails(minute, series), 10)));

    private static IReadOnlyList<Incident> Replayed(IEnumerable<RunRecord> records)
    {
        var replay = new Replay(new HealthzOptions());
        foreach (var record in records)
        {
            replay.Add(record);
        }

        return replay.Incidents;
    }

    private static RunRecord Record(int minute, List<Series> all, Func<Series, bool> fails, double ms) => Runs.At(
        Story.Noon.AddMinutes(minute),
        [
            .. all.Select(series => new CheckRecord(
                series.Check, series.Target, !fails(series), ms, fails(series) ? Reason.Connect : null)),
        ]);
}
