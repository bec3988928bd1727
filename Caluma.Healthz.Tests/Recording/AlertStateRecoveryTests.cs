using System.Globalization;
using Caluma.Healthz.History;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>An incident keeps its id and start while it lasts, whatever documents are lost.</summary>
public sealed class AlertStateRecoveryTests
{
    private const string Schedule = "Healthz__Schedule=0 */10 * * * *";
    private const string Maintenance = "Healthz__Maintenance__0=2026-11-04T03:00:00Z/2026-11-04T21:00:00Z";

    private readonly MemoryHistoryStorage _storage = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 0, 0, 0, TimeSpan.Zero));

    /// <summary>Passing and failing runs every ten minutes (144 a day), and the documents that are lost then.</summary>
    public static TheoryData<string, string> Losses()
    {
        var losses = new TheoryData<string, string>();
        string[] all =
            [".144 x6", ".300 x144", ".300 x288", ".140 x .3 x .2 x144", ".144 x144 .9 x144", ".288 x250 .1 x3", ".144 x18 .8 x3"];
        string[] lose =
            ["nothing", "state", "latest", "state, latest", "state, latest, newest rollup", "state, latest, rollups"];
        foreach (var lost in lose)
        {
            foreach (var runs in all)
            {
                losses.Add(runs, lost);
            }
        }

        // Longer than the rules look back: without rollups not so much of the log is read.
        losses.Add(".144 x1300", "state, latest");
        return losses;
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task An_incident_keeps_its_id_and_start_whatever_document_is_lost(string runs, string lost)
    {
        await using var probe = RecordedProbe.StartOn(_storage, _time, Schedule, Maintenance);
        await TickAsync(probe, runs);
        var told = probe.Incidents()[^1];
        Assert.DoesNotContain("Resolved", told, StringComparison.Ordinal);

        Lose(lost);
        await using var next = RecordedProbe.StartOn(_storage, _time, Schedule, Maintenance);
        await TickAsync(next, ".20");

        var resolved = Assert.Single(next.Incidents());
        Assert.StartsWith("HealthzIncidentResolved ", resolved, StringComparison.Ordinal);
        Assert.Equal(Known(told), Known(resolved));
        Assert.Empty(next.Events("HealthzRecordFailed"));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("state, latest")]
    [InlineData("state, latest, rollups")]
    public async Task A_lost_incident_is_not_opened_again(string lost)
    {
        await using var probe = RecordedProbe.StartOn(_storage, _time, Schedule);
        await TickAsync(probe, ".144 x50");
        var state = Read();

        Lose(lost);
        await using var next = RecordedProbe.StartOn(_storage, _time, Schedule);
        await TickAsync(next, "x3");

        Assert.Empty(next.Announcements());
        Assert.Equivalent(Incidents(state), Incidents(Read()), strict: true);
        Assert.Equal(state.Open, Read().Open);
    }

    [Fact]
    public async Task A_recovered_state_has_the_incidents_of_the_days_before()
    {
        await using var probe = RecordedProbe.StartOn(_storage, _time, Schedule);
        await TickAsync(probe, ".144 x10 .20 x10 .300 x10 .20");
        var before = Read().Incidents.Select(incident => incident.Incident.Id).ToList();
        Assert.Equal(3, before.Count(id => !id.EndsWith("-ticket", StringComparison.Ordinal)));

        Lose("state, latest");
        await using var next = RecordedProbe.StartOn(_storage, _time, Schedule);
        await TickAsync(next, ".1");

        Assert.Equal(before, Read().Incidents.Select(incident => incident.Incident.Id));
    }

    private static IEnumerable<Incident> Incidents(TrendState state) => state.Incidents.Select(incident => incident.Incident);

    private static async Task TickAsync(RecordedProbe probe, string runs)
    {
        foreach (var step in runs.Split(' '))
        {
            probe.Fails = step[0] == 'x' ? Reason.Auth : null;
            await probe.TickAsync(step.Length > 1 ? int.Parse(step[1..], CultureInfo.InvariantCulture) : 1);
        }
    }

    private void Lose(string what)
    {
        foreach (var lost in what.Split(", "))
        {
            var rollups = _storage.Names.Where(name => name.StartsWith(HistoryNames.Rollups, StringComparison.Ordinal)).ToList();
            List<string> names = lost switch
            {
                "state" => [TrendState.BlobName],
                "latest" => [LatestRun.BlobName],
                "newest rollup" => [rollups[^1]],
                "rollups" => rollups,
                _ => [],
            };
            names.ForEach(_storage.Delete);
        }
    }

    /// <summary>The incident without its notifications.</summary>
    private static string Known(string message) => message[message.IndexOf(" id=", StringComparison.Ordinal)..];

    private TrendState Read() => Trends.Story.Read(_storage.Text(TrendState.BlobName));
}
