using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>The log of a run.</summary>
public sealed class RunnerLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_log_of_a_run_has_the_reported_verdicts_even_for_checks_that_did_not_start()
    {
        await using var runner = Runner(ScriptedProbe.Passing("default", Check.Databases), ScriptedProbe.Passing("default", Check.Caches));

        var report = runner.Unanswered(CheckSet.Of(Check.Databases), TimeSpan.FromSeconds(7));

        Assert.False(report.Ok);
        Assert.Equal(Check.Databases, Assert.Single(report.Results).Check);
        Assert.Equal(
            [
                "HealthzRunStarved results=1 withoutVerdict=1 durationMs=7000",
                "HealthzRunCompleted ok=false results=1 failed=0 durationMs=7000",
            ],
            _log.GetSnapshot().Select(record => record.Message));
    }

    [Fact]
    public async Task A_bug_is_logged_at_error_with_its_type_and_trace_and_without_its_message()
    {
        await using var runner = Runner(new ScriptedProbe("ill", Throw, Check.Caches) { Reason = Reason.Unknown });

        await runner.RunAsync(CheckSet.All, Cancel);

        var logged = await LoggedExceptionAsync();
        Assert.Equal(LogLevel.Error, logged.Level);
        Assert.Contains("System.InvalidOperationException", logged.Message, StringComparison.Ordinal);
        Assert.Contains("System.FormatException", logged.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Throw), logged.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", logged.Message, StringComparison.Ordinal);
        Assert.Null(logged.Exception);
    }

    [Fact]
    public async Task A_known_failure_of_a_target_is_logged_at_debug()
    {
        await using var runner = Runner(new ScriptedProbe("ill", Throw, Check.Caches) { Reason = Reason.Connect });

        await runner.RunAsync(CheckSet.All, Cancel);

        Assert.Equal(LogLevel.Debug, (await LoggedExceptionAsync()).Level);
    }

    private static Task Throw(ProbeRun run, CancellationToken cancellationToken)
    {
        try
        {
            throw new FormatException("canary");
        }
        catch (FormatException exception)
        {
            throw new InvalidOperationException("canary", exception) { Data = { ["canary"] = "canary" } };
        }
    }

    private async Task<FakeLogRecord> LoggedExceptionAsync()
    {
        FakeLogRecord? logged = null;
        await Deadline.UntilAsync(
            "the exception is logged",
            () => (logged = _log.GetSnapshot().SingleOrDefault(record => record.Id.Name == "HealthzException")) is not null);
        return logged!;
    }

    [Fact]
    public async Task A_run_logs_its_end_at_information_and_each_failure_with_its_reason_as_key_and_value()
    {
        await using var runner = Runner(
            ScriptedProbe.Passing("well", Check.Databases),
            new ScriptedProbe("ill", (_, _) => throw new TimeoutException(), Check.DatabaseModels));

        await runner.RunAsync(CheckSet.All, Cancel);

        Assert.Equal(
            [
                ("HealthzCheckFailed", LogLevel.Warning, "HealthzCheckFailed check=database-models reason=timeout durationMs=0 target=ill"),
                ("HealthzRunCompleted", LogLevel.Information, "HealthzRunCompleted ok=false results=2 failed=1 durationMs=0"),
            ],
            _log.GetSnapshot().Where(record => record.Level > LogLevel.Debug)
                .Select(record => (record.Id.Name!, record.Level, record.Message)));
    }

    private Runner Runner(params IProbe[] probes) =>
        new(probes, TimeSpan.FromSeconds(5), _time, new RunMetrics(new HealthzOptions(), _time), new FakeLogger<Runner>(_log));
}
