using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Tests.Recording;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The alert rules find one row for each incident in the probe's log, and so send one alert and one mail.</summary>
[Slow]
public sealed class IncidentQueryTests(KqlEngine kql)
{
    private const string Critical = "queries/alert-critical.kql";
    private const string Warning = "queries/alert-warning.kql";
    private const string Failing = "queries/check-failing.kql";
    private const string Database = "database-default-20261122T115800Z, default, connect, 2026-11-22T11:58:00Z, "
        + "Check that it runs, and listens on this address and port.";

    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_incident_is_one_row_that_stays_the_same_until_its_end(bool exportedByWorker)
    {
        var log = new LogTables(exportedByWorker);
        Assert.Empty(await RunAsync(Critical, log));
        List<IncidentEvent> events = [];
        foreach (var next in (IncidentEvent[])[IncidentEvent.Opened, IncidentEvent.Updated, IncidentEvent.Updated])
        {
            events.Add(next);
            log.Log(Of("default", events)).After(_minute);
            Assert.Equal([Database], await RunAsync(Critical, log));
        }

        log.Log(Of("default", [.. events, IncidentEvent.Resolved]));
        Assert.Empty(await RunAsync(Critical, log));
        log.Log(Of("default", [.. events, IncidentEvent.Resolved, IncidentEvent.Updated]));
        Assert.Equal([Database], await RunAsync(Critical, log));
        Assert.Empty(await RunAsync(Warning, log));

        static Action<ILogger> Of(string target, IReadOnlyList<IncidentEvent> events) => LoggedEvents.Incident(
            "database",
            target,
            Severity.Critical,
            events.Count == 1 ? CheckSet.Of(Check.Databases) : CheckSet.Of(Check.Databases, Check.DatabaseModels),
            events);
    }

    /// <remarks>As after a failure of the storage, when all missed runs are judged at once.</remarks>
    [Fact]
    public async Task Events_of_one_moment_are_ordered_by_their_tick() =>
        Assert.Empty(await RunAsync(Critical, new LogTables()
            .Log(Incident("database", "default", Severity.Critical, IncidentEvent.Opened, IncidentEvent.Resolved))
            .Log(Incident("database", "default", Severity.Critical, IncidentEvent.Opened))));

    [Theory]
    [InlineData("HealthzIncidentOpened")]
    [InlineData("HealthzIncidentUpdated")]
    [InlineData("HealthzIncidentResolved")]
    public async Task An_event_that_is_lost_on_its_way_is_made_up_for_within_five_minutes(string lost)
    {
        await using var probe = RecordedProbe.StartOn(new MemoryHistoryStorage());
        var (all, rest) = (new LogTables(), new LogTables());
        var (losses, different) = (0, 0);
        foreach (var fails in "...xxxxx........................xxxx" + new string('.', 50))
        {
            probe.Fails = fails == 'x' ? Reason.Timeout : null;
            await probe.TickAsync();
            foreach (var record in probe.Log.GetSnapshot(clear: true))
            {
                all.Log(log => log.Log(record.Level, record.Id, record.Message, null, (message, _) => message));
                if (record.Id.Name == lost)
                {
                    losses++;
                    continue;
                }

                rest.Log(log => log.Log(record.Level, record.Id, record.Message, null, (message, _) => message));
            }

            different += (await RunAsync(Critical, all)).SequenceEqual(await RunAsync(Critical, rest)) ? 0 : 1;
            all.After(_minute);
            rest.After(_minute);
        }

        Assert.InRange(different, losses, 5 * losses);
        Assert.InRange(losses, 1, 2);
        Assert.Equal(await RunAsync("queries/workbook-incidents.kql", all), await RunAsync("queries/workbook-incidents.kql", rest));
    }

    [Fact]
    public async Task The_severity_of_an_incident_decides_which_rule_reports_it()
    {
        var log = new LogTables()
            .Log(Incident("database", "default", Severity.Critical, IncidentEvent.Opened))
            .Log(Incident("database", "my next=database", Severity.Warning, IncidentEvent.Opened))
            .Log(LoggedEvents.AlertFiring(AlertRule.Unavailable, Check.Databases, "default"))
            .Log(LoggedEvents.AlertFiring(AlertRule.Flapping, Check.Databases, "default"));

        Assert.Equal([Database], await RunAsync(Critical, log));
        Assert.Contains("my next=database, connect", Assert.Single(await RunAsync(Warning, log)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("database", "my database", true)]
    [InlineData("probe", "probe", true)]
    [InlineData("database", "other", false)]
    [InlineData("cache", "my database", false)]
    [InlineData("recording", "probe", false)]
    public async Task A_failing_check_is_reported_only_without_an_incident(string system, string target, bool isTold)
    {
        var log = Failures().Log(Incident(system, target, Severity.Critical, IncidentEvent.Opened));

        Assert.Equal(isTold ? [] : ["database-models, my database, 3"], await RunAsync(Failing, log));
    }

    [Fact]
    public async Task A_failing_check_is_reported_again_some_time_after_its_incident()
    {
        var ended = Incident("database", "my database", Severity.Critical, IncidentEvent.Opened, IncidentEvent.Resolved);

        Assert.Empty(await RunAsync(Failing, Failures().Log(ended)));
        Assert.Single(await RunAsync(Failing, Failures(new LogTables().Log(ended).After(TimeSpan.FromHours(1)))));
    }

    private static LogTables Failures(LogTables? log = null)
    {
        log ??= new LogTables();
        for (var minute = 0; minute < 3; minute++)
        {
            log.Log(LoggedEvents.FailedRun(Check.DatabaseModels, "my database", Reason.Busy)).After(_minute);
        }

        return log;
    }

    private static Action<ILogger> Incident(
        string system, string target, Severity severity, params IReadOnlyList<IncidentEvent> events) =>
        LoggedEvents.Incident(system, target, severity, CheckSet.Of(Check.Databases), events);

    private async Task<IEnumerable<string>> RunAsync(string file, LogTables log)
    {
        var result = await kql.RunAsync(File.ReadAllText(Path.Combine(InfraFolder.Origin, file)), log.Tables);
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Unsupported);
        return [.. result.Lines];
    }
}
