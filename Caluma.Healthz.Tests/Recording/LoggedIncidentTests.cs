using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The log has as few events of the replayed incidents as people should get.</summary>
[Slow(Because = "days are simulated")]
public sealed class LoggedIncidentTests
{
    public static TheoryData<string> Incidents => [.. TrueIncident.All.Select(incident => incident.Name)];

    [Theory]
    [MemberData(nameof(Incidents))]
    public void Each_incident_is_logged_once_as_opened_and_once_as_resolved(string name)
    {
        var incident = TrueIncident.All.Single(incident => incident.Name == name);
        var log = new FakeLogCollector();
        var announcer = new AlertAnnouncer(new FakeLogger(log));
        var engine = new AlertEngine(incident.Options);
        var state = new TrendState();
        foreach (var record in incident.Records(seed: 1))
        {
            announcer.Add(engine.Evaluate(state, record));
            announcer.Announce();
            announcer.Complete(state);
        }

        var pages = log.GetSnapshot()
            .Where(record => record.Message.Contains(" severity=critical ", StringComparison.Ordinal))
            .Select(record => (Event: record.Id.Name!, Id: Id(record.Message)))
            .Where(page => page.Event.StartsWith("HealthzIncident", StringComparison.Ordinal))
            .ToList();
        var opened = pages.Where(page => page.Event == "HealthzIncidentOpened").Select(page => page.Id).ToList();
        Assert.Equal(opened.Distinct(), opened);
        var told = pages.Count(page => page.Event != "HealthzIncidentResolved");
        Assert.InRange(told, incident.MaxMinutes is null ? 0 : 1, incident.MaxPages);
        Assert.Equal(
            opened.Where(id => pages.Last(page => page.Id == id).Event != "HealthzIncidentResolved"),
            state.Incidents.Where(known => known is { IsOpen: true, IsPage: true }).Select(known => $"id={known.Incident.Id}"));
        Assert.All(
            pages.CountBy(page => page),
            page => Assert.True(page.Value == 1 || incident.MaxPages > 1, $"{page.Key} is said {page.Value} times."));
    }

    private static string Id(string message) =>
        message.Split(' ').FirstOrDefault(part => part.StartsWith("id=", StringComparison.Ordinal), "");
}
