using System.Text.RegularExpressions;
using Caluma.Healthz.History;
using Caluma.Healthz.Pages;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Pages;

public sealed class IncidentPageTests
{
    private static readonly DateTimeOffset _start = Reports.Today.AddHours(11);

    private static readonly Incident _open = Reports.Incident(_start).Open();

    [Fact]
    public void The_page_says_what_is_broken_since_when_why_where_and_what_to_try()
    {
        var page = Render(_open, Runs("xxxxx"));
        var facts = Text(Regex.Match(page, "<dl class=\"facts\">.*?</dl>", RegexOptions.Singleline).Value);

        Assert.Contains("<title>caches: connection refused or dropped · ", page, StringComparison.Ordinal);
        Assert.Contains("class=\"verdict bad-edge\"", page, StringComparison.Ordinal);
        Assert.Contains("Whyconnection refused or dropped (connect)", facts, StringComparison.Ordinal);
        Assert.Contains("WhenSince 2026-11-22 11:00, for 1 h. Severity: critical.", facts, StringComparison.Ordinal);
        Assert.Contains("Wherecaches at cache/0", facts, StringComparison.Ordinal);
        Assert.Contains($"Try{_open.Next}", facts, StringComparison.Ordinal);
        Assert.Contains(
            "caches: connection refused or dropped: connect ×5, 2026-11-22 11:00 to 11:04", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void The_timeline_goes_from_the_first_failure_to_the_end()
    {
        var incident = Reports.Incident(_start.AddHours(-9)) with { Notifications = 2 };
        var report = Reports.Of(Reports.Series(Check.Caches)).With(
            new Alert(AlertRule.Unavailable, incident.Started, Check.Caches, "default", incident.Resolved) { Triggered = incident.Opened });

        var page = Render(incident, Runs("xx"), report);

        Assert.Contains("<title>Resolved: caches · ", page, StringComparison.Ordinal);
        Assert.Contains("2 notifications", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<dt>Try</dt>", page, StringComparison.Ordinal);
        Assert.Equal(
            [
                "2026-11-22 02:00–First failure",
                "2026-11-22 02:022 minAlert triggered: unavailable, caches",
                "2026-11-22 02:022 minIncident opened",
                "2026-11-22 02:5050 minFirst passing run",
                "2026-11-22 03:001 hAlert resolved: unavailable, caches",
                "2026-11-22 03:001 hIncident resolved",
            ],
            Rows(page));
    }

    [Fact]
    public void The_CSV_link_has_only_the_runs_of_its_checks()
    {
        var incident = Reports.Incident(_start.AddHours(-9), target: "a b");

        Assert.Contains(
            "href=\"history?format=csv&amp;from=2026-11-22T02%3A00Z&amp;to=2026-11-22T03%3A01Z"
                + "&amp;check=caches&amp;target=a%20b&amp;code=k\"",
            Render(incident, Runs("x"), Reports.Of(Reports.Series(Check.Caches, "a b"), Reports.Series())),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "The runs of this time are no longer kept, or none was recorded.")]
    [InlineData(true, "The runs of this time cannot be read.")]
    public void Without_the_runs_the_page_says_why(bool isUnreadable, string text)
    {
        var records = isUnreadable ? new PageRecords([], [DateOnly.FromDateTime(_start.UtcDateTime)]) : PageRecords.None;

        Assert.Contains(text, Render(_open, records), StringComparison.Ordinal);
        Assert.Equal(
            isUnreadable, Render(_open, records).Contains("Not readable, and not counted: 2026-11-22.", StringComparison.Ordinal));
    }

    [Fact]
    public void Incidents_of_removed_checks_and_of_the_recording_have_a_page()
    {
        var recording = _open with { System = "recording", Target = "probe", Checks = default, Reason = null };

        Assert.Contains("no longer checked", Render(_open, PageRecords.None, Reports.Of(Reports.Series())), StringComparison.Ordinal);
        Assert.Contains("the recorder; the state of all checks is unknown", Render(recording, PageRecords.None), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_all_incidents_the_newest_first_with_links()
    {
        var report = Reports.Of(Reports.Series(Check.Caches)) with
        {
            Incidents = [_open, Reports.Incident(_start.AddDays(-1)) with { Id = "older", Severity = Severity.Warning }],
        };

        var page = IncidentPage.RenderAll(Context(report));

        Assert.Contains("<title>1 incident is open · ", page, StringComparison.Ordinal);
        Assert.Equal(
            [
                "2026-11-22 11:00cachescriticalconnection refused or dropped (connect)1 hopen",
                "2026-11-21 11:00cacheswarningconnection refused or dropped (connect)50 minresolved 2026-11-21 12:00",
            ],
            Rows(page));
        Assert.Contains("<a href=\"?id=older&amp;code=k\">", page, StringComparison.Ordinal);
        Assert.Contains("None yet.", IncidentPage.RenderAll(Context(report with { Incidents = [] })), StringComparison.Ordinal);
    }

    private static PageContext Context(TrendReport report) =>
        new(report, PageQuery.Parse("/healthz/incidents", "?code=k", out _)!, Reports.Environment());

    private static string Render(Incident incident, PageRecords records, TrendReport? report = null)
    {
        report ??= Reports.Of(Reports.Series(Check.Caches).Failing(Reason.Connect, TimeSpan.FromHours(1)));
        return IncidentPage.Render(Context(report with { Incidents = [incident] }), incident, records);
    }

    /// <summary>A run a minute, <c>x</c> for a failed one.</summary>
    private static PageRecords Runs(string verdicts) => new(
        [
            .. verdicts.Select((verdict, minute) => new RunRecord(
                _start.AddMinutes(minute),
                _start.AddMinutes(minute),
                5,
                verdict != 'x',
                Late: false,
                Maintenance: false,
                "test",
                "test",
                [new CheckRecord(Check.Caches, "default", verdict != 'x', 5, verdict == 'x' ? Reason.Connect : null)])),
        ],
        []);

    private static string Text(string markup) => Regex.Replace(markup, "<[^>]*>", "");

    private static string[] Rows(string page) =>
    [
        .. Regex.Matches(page, "<tr><th scope=\"row\">.*?(?=<tr>|</tbody>)", RegexOptions.Singleline)
            .Select(row => Text(row.Value).ReplaceLineEndings("").Trim()),
    ];
}
