using System.Text.RegularExpressions;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

/// <summary>The recorded incidents on the overview and on the page of a check.</summary>
public sealed class IncidentSectionsTests
{
    private static readonly SeriesTrend _cache = Reports.Series(Check.Caches);

    [Fact]
    public void An_open_incident_has_its_start_reason_rules_and_next_step()
    {
        var incident = Reports.Incident(Reports.Today.AddHours(11)).Open();
        var report = Reports.Of(_cache.Failing(Reason.Connect, TimeSpan.FromHours(1)))
            .With(new Alert(AlertRule.Unavailable, incident.Started, Check.Caches, "default") { Triggered = incident.Opened }) with
        {
            Incidents = [incident],
        };

        Assert.Equal(
            [
                "caches critical",
                "Since 2026-11-22 11:00, for 1 h: connection refused or dropped (connect).",
                $"Unavailable: at least three failed runs in a rowTry: {incident.Next}First failure 2026-11-22 11:00Alert 11:02",
            ],
            Cards(report.Render(), "bad-edge"));
    }

    [Fact]
    public void An_incident_that_passes_again_says_so_and_has_no_next_step()
    {
        var incident = Reports.Incident(Reports.Today.AddHours(11)) with { Resolved = null };

        Assert.Equal(
            [
                "caches critical",
                "2026-11-22 11:00 to 11:50, for 50 min, and passing since: connection refused or dropped (connect).",
                "First failure 2026-11-22 11:00Alert 11:02Recovered 11:50",
            ],
            Cards((Reports.Of(_cache) with { Incidents = [incident] }).Render(), "bad-edge"));
    }

    [Fact]
    public void A_past_incident_is_resolved_and_has_its_times()
    {
        var incident = Reports.Incident(Reports.Today.AddHours(2));
        var report = Reports.Of(_cache).With(
            new Alert(AlertRule.Unavailable, incident.Started, Check.Caches, "default", incident.Resolved),
            new Alert(AlertRule.Unavailable, incident.Started.AddDays(-1), Check.Caches, "default", incident.Resolved!.Value.AddDays(-1)),
            new Alert(AlertRule.BurnFast, incident.Started, Check.Databases, "default", incident.Resolved)) with
        {
            Incidents = [incident],
        };

        Assert.Equal(
            [
                "Resolved caches critical: unavailable",
                "2026-11-22 02:00 to 02:50, for 50 min: connection refused or dropped (connect)"
                    + "First failure 2026-11-22 02:00Alert 02:02Recovered 02:50Resolved 03:00",
            ],
            Cards(report.Render(), "past"));
    }

    [Fact]
    public void Each_incident_links_to_its_page()
    {
        var report = Reports.Of(_cache, Reports.Series()) with { Incidents = [Reports.Incident(Reports.Today)] };
        const string link = "<a href=\"incidents?id=cache-default-20261122T020000Z&amp;tz=Europe%2FZurich&amp;code=k\">";

        Assert.Contains(link, report.Render("?code=k&tz=Europe/Zurich"), StringComparison.Ordinal);
        Assert.Contains(link, report.Render("?code=k&tz=Europe/Zurich&check=caches&target=default"), StringComparison.Ordinal);
        Assert.DoesNotContain(link, report.Render("?code=k&tz=Europe/Zurich&check=databases&target=default"), StringComparison.Ordinal);
    }

    [Fact]
    public void Incidents_of_all_systems_and_of_the_recording_have_their_own_names()
    {
        var probe = Reports.Incident(Reports.Today) with { Id = "probe-1", System = "probe", Target = "probe", Checks = CheckSet.All };
        var recording = Reports.Incident(Reports.Today) with
        {
            Id = "recording-1",
            System = "recording",
            Target = "probe",
            Checks = default,
            Reason = null,
            Recovered = null,
        };
        var report = Reports.Of(_cache, Reports.Series()) with { Incidents = [probe, recording] };
        string[] expected = ["Resolved all systems critical", "Resolved recording critical"];

        Assert.Equal(expected, Cards(report.Render(), "past").Where(line => line.StartsWith("Resolved ", StringComparison.Ordinal)));
        Assert.Equal(
            expected,
            Cards(report.Render("?check=databases&target=default"), "past")
                .Where(line => line.StartsWith("Resolved ", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_open_alert_without_an_incident_is_shown_beside_the_incidents()
    {
        var page = Reports.Of(_cache).With(new Alert(AlertRule.LatencyDrift, Reports.Today, Check.Caches, "default")).Render();

        Assert.Contains("<p>1 open alert outside an incident:</p>", page, StringComparison.Ordinal);
        Assert.Matches("<b>caches</b></a>: Slower than usual: [^<]*, since <time [^>]*>2026-11-22 00:00</time>", page);
    }

    [Theory]
    [InlineData(40, 12)]
    [InlineData(50, 4)]
    public void Of_many_open_incidents_the_first_are_shown_with_a_link_to_all(int count, int shown)
    {
        var incidents = Enumerable.Range(1, count)
            .Select(target => Reports.Incident(Reports.Today, Check.Databases, $"db{target}").Open())
            .ToList();
        var report = Reports.Of([.. incidents.Select(incident => Reports.Series(target: incident.Target))]);
        var page = (report with { Incidents = incidents }).Render();

        Assert.Equal(shown, Regex.Count(page, "<li class=\"bad-edge\">"));
        Assert.Matches($"<p>And {count - shown} more:\\s*<a href=\"incidents\\?\">all incidents</a>.</p>", page);
    }

    /// <summary>The lines of the cards with this class.</summary>
    private static string[] Cards(string page, string name) =>
    [
        .. Regex.Matches(page, $"<li class=\"{name}\">.*?</ol></li>", RegexOptions.Singleline)
            .SelectMany(card => Regex.Replace(card.Value, "<[^>]*>", "").Split('\n', StringSplitOptions.RemoveEmptyEntries)),
    ];
}
