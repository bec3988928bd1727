using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The queries of the alert rules and of the workbook over the probe's log.</summary>
[Slow]
public sealed class QueryTests(KqlEngine kql)
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Queries => [.. InfraFolder.Files(".kql")];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_query_is_valid_for_the_workspace_and_can_be_run_here(string file)
    {
        var result = await kql.RunAsync(Read(file));

        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Unsupported);
        Assert.All(result.Rows!, row => Assert.Equal(result.Columns!.Keys, row.Select(column => column.Key)));
    }

    // A table exists from its first row on, and disappears when it was empty for too long. Azure disables a rule whose query fails
    // meanwhile.
    [Theory]
    [MemberData(nameof(Queries))]
    public async Task A_query_finds_the_same_without_a_table_as_with_an_empty_one(string file)
    {
        var inEmpty = await kql.RunAsync(Read(file));

        var without = await kql.RunAsync(Read(file), tables: null, "AppTraces", "AppExceptions", "AppAvailabilityResults");

        var diagnostic = Assert.Single(without.Diagnostics);
        Assert.Equal("Warning", diagnostic.Severity);
        Assert.StartsWith("The fuzzy name 'App", diagnostic.Message, StringComparison.Ordinal);
        Assert.Null(without.Unsupported);
        Assert.Equal(inEmpty.Columns, without.Columns);
        Assert.Equal(inEmpty.Lines, without.Lines);
    }

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_query_looks_at_one_probe_only(string file)
    {
        const string Another = "the probe of somebody else";
        var others = new LogTables()
            .Log(LoggedEvents.FailedRun(Check.Caches, "default", Reason.Dns), Another)
            .Log(LoggedEvents.ConfigurationInvalid(), Another)
            .Log(LoggedEvents.RunRecorded(), Another)
            .Log(LoggedEvents.RecordFailed(Reason.Auth, 9, 9), Another)
            .Log(LoggedEvents.AlertFiring(AlertRule.Unavailable, Check.Caches, "default"), Another)
            .Log(LoggedEvents.AlertFiring(AlertRule.Flapping, Check.Caches, "default"), Another)
            .Log(LoggedEvents.Incident("cache", "default", Severity.Critical, CheckSet.Of(Check.Caches), IncidentEvent.Opened), Another)
            .Log(LoggedEvents.Incident("cache", "other", Severity.Warning, CheckSet.Of(Check.Caches), IncidentEvent.Opened), Another);

        Assert.Equal(await RunAsync(file, new LogTables()), await RunAsync(file, others));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failing_check_is_counted_by_minutes_for_any_caller(bool exportedByWorker)
    {
        var log = new LogTables(exportedByWorker);
        for (var minute = 0; minute < 3; minute++)
        {
            log.Log(LoggedEvents.FailedRun(Check.DatabaseModels, "my database", Reason.Busy))
                .Log(LoggedEvents.FailedRun(Check.DatabaseModels, "my database", Reason.Timeout))
                .Log(LoggedEvents.HealthyRun())
                .After(_minute);
        }

        log.Log(LoggedEvents.FailedRun(Check.Caches, "default", Reason.Dns));

        Assert.Equal(["database-models, my database, 3", "caches, default, 1"], await RunAsync("queries/check-failing.kql", log));
    }

    [Fact]
    public async Task Missing_logs_make_a_row_with_zero()
    {
        Assert.Equal(["0"], await RunAsync("queries/heartbeat-missing.kql", new LogTables()));
        Assert.Equal(["0"], await RunAsync("queries/heartbeat-missing.kql", new LogTables().Log(LoggedEvents.HealthyRun())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_timer_gives_a_heartbeat_with_or_without_a_written_record(bool exportedByWorker) =>
        Assert.Equal(
            ["2"],
            await RunAsync(
                "queries/heartbeat-missing.kql",
                new LogTables(exportedByWorker).Log(LoggedEvents.RunRecorded()).Log(LoggedEvents.RecordFailed(Reason.Timeout, 1, 0))));

    [Theory]
    [InlineData(1, 0, 2, false)]
    [InlineData(1, 0, 3, true)]
    [InlineData(100, 1, 1, true)]
    public async Task A_pending_record_is_no_alert_and_a_lost_one_is(int pending, int lost, int times, bool fires)
    {
        var log = new LogTables().Log(LoggedEvents.RunRecorded());
        for (var i = 0; i < times; i++)
        {
            log.Log(LoggedEvents.RecordFailed(Reason.Permission, pending, lost)).After(_minute);
        }

        Assert.Equal(fires ? [$"permission, {times}, {pending}, {lost}"] : [], await RunAsync("queries/record-failed.kql", log));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invalid_settings_are_found_with_all_their_problems(bool exportedByWorker)
    {
        var found = Assert.Single(await RunAsync(
            "queries/configuration-invalid.kql",
            new LogTables(exportedByWorker).Log(LoggedEvents.ConfigurationInvalid()).Log(LoggedEvents.HealthyRun())));

        Assert.Contains("Healthz__Timeout", found, StringComparison.Ordinal);
        Assert.Contains("Healthz__Nonsense", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exception_counts_once_for_several_rows_of_the_host() =>
        Assert.Equal(
            ["healthz, System.InvalidOperationException, 2", "healthz-timer, System.TimeoutException, 1"],
            await RunAsync(
                "queries/function-exception.kql",
                new LogTables()
                    .Throw("healthz", "System.InvalidOperationException")
                    .Throw("healthz", "System.InvalidOperationException")
                    .Throw("healthz-timer", "System.TimeoutException")));

    [Fact]
    public async Task The_workbook_shows_availability_latency_failures_alerts_and_incidents()
    {
        var log = new LogTables()
            .Log(LoggedEvents.HealthyRun(20)).Log(LoggedEvents.HealthyRun(40)).Log(LoggedEvents.HealthyRun(30))
            .Log(LoggedEvents.FailedRun(Check.Caches, "my cache", Reason.Connect, 5000))
            .Log(LoggedEvents.AlertFiring(AlertRule.Unavailable, Check.Caches, "my cache"))
            .Log(LoggedEvents.Incident("cache", "my cache", Severity.Critical, CheckSet.Of(Check.Caches), IncidentEvent.Opened))
            .After(TimeSpan.FromHours(1))
            .Log(LoggedEvents.HealthyRun(10))
            .Log(LoggedEvents.AlertResolved(AlertRule.Unavailable, Check.Caches, "my cache"))
            .Call("West Europe", success: true, 250).Call("West Europe", success: false, 6000);

        Assert.Equal(
            ["2026-11-22T12:00:00.000Z, 75", "2026-11-22T13:00:00.000Z, 100"], await RunAsync("queries/workbook-availability.kql", log));
        Assert.Equal(
            ["2026-11-22T12:00:00.000Z, 30, 5000, 5000", "2026-11-22T13:00:00.000Z, 10, 10, 10"],
            await RunAsync("queries/workbook-latency.kql", log));
        Assert.Equal(
            ["caches, my cache, connect, 1, 20, 2026-11-22T12:00:00.000Z, 2026-11-22T12:00:00.000Z"],
            await RunAsync("queries/workbook-failures.kql", log));
        Assert.Equal(
            [
                "2026-11-22T13:00:00.000Z, resolved, unavailable, critical, caches, my cache, 2026-11-22T11:58:00.000Z",
                "2026-11-22T12:00:00.000Z, fired, unavailable, critical, caches, my cache, 2026-11-22T11:58:00.000Z",
            ],
            await RunAsync("queries/workbook-alerts.kql", log));
        Assert.Equal(
            [
                "2026-11-22T12:00:00.000Z, Opened, critical, cache, my cache, caches, connect, 2026-11-22T11:58:00.000Z, "
                    + "Check that it runs, and listens on this address and port., cache-my_cache-97f4db93-20261122T115800Z",
            ],
            await RunAsync("queries/workbook-incidents.kql", log));
        Assert.Equal(["West Europe, 2026-11-22T00:00:00.000Z, 2, 50, 6000"], await RunAsync("queries/workbook-outside.kql", log));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(InfraFolder.Origin, file));

    private async Task<IEnumerable<string>> RunAsync(string file, LogTables log)
    {
        var result = await kql.RunAsync(Read(file), log.Tables);
        Assert.Empty(result.Diagnostics);
        Assert.Null(result.Unsupported);
        return [.. result.Lines];
    }
}
