using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>The first runs of a process that may have no more than a part of a core.</summary>
public sealed class ColdStartTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly TaskCompletionSource _stuck = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The processor time of a process that works on a quarter of a core all the time.</summary>
    private Func<TimeSpan> Busy => () => 0.25 * _time.GetElapsedTime(0);

    [Fact]
    public async Task A_process_that_is_still_at_work_when_a_first_run_times_out_has_no_verdict_on_the_target()
    {
        var report = (await RunAsync(Busy, Hanging(), runs: 1))[0];

        Assert.False(report.Ok);
        Assert.All(report.Results, result => Assert.False(result.HasVerdict || result.Reason is not null));
        Assert.StartsWith(
            "HealthzRunStarved results=1 withoutVerdict=1 durationMs=", _log.GetSnapshot()[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_answered_before_stands()
    {
        var probe = new ScriptedProbe(
            "default",
            (run, _) =>
            {
                run.Pass(Check.Databases);
                return _stuck.Task;
            },
            Check.Databases,
            Check.DatabaseModels);

        var report = (await RunAsync(Busy, probe, runs: 1))[0];

        Assert.Equal([(true, true), (false, false)], report.Results.Select(result => (result.HasVerdict, result.Ok)));
    }

    [Fact]
    public async Task A_process_that_waits_when_its_first_run_times_out_finds_that_the_target_hangs()
    {
        // It was at work for long, and is done with it.
        var report = (await RunAsync(() => TimeSpan.FromSeconds(2), Hanging(), runs: 1))[0];

        Assert.Equal(Reason.Timeout, Assert.Single(report.Results).Reason);
    }

    [Fact]
    public async Task A_failure_that_is_no_timeout_is_a_verdict()
    {
        var probe = new ScriptedProbe(
            "default",
            (run, _) =>
            {
                run.Fail(Check.Caches, Reason.Auth);
                return Task.CompletedTask;
            },
            Check.Caches);

        Assert.Equal(Reason.Auth, Assert.Single((await RunAsync(Busy, probe, runs: 1))[0].Results).Reason);
    }

    [Fact]
    public async Task After_three_runs_a_process_is_warm_whatever_it_does_with_its_time()
    {
        var reports = await RunAsync(Busy, Hanging(), runs: 4);

        Assert.Equal([false, false, false, true], reports.Select(report => Assert.Single(report.Results).HasVerdict));
        Assert.Equal(Reason.Timeout, reports[3].Results[0].Reason);
    }

    [Fact]
    public async Task A_target_that_has_answered_once_hangs_when_it_times_out_however_busy_the_process_is()
    {
        var answers = 1;
        var probe = new ScriptedProbe(
            "default",
            (run, _) =>
            {
                if (answers-- == 0)
                {
                    return _stuck.Task;
                }

                run.Pass(Check.Caches);
                return Task.CompletedTask;
            },
            Check.Caches);

        var reports = await RunAsync(Busy, probe, runs: 2, passing: 1);

        Assert.True(reports[0].Ok);
        Assert.Equal(Reason.Timeout, Assert.Single(reports[1].Results).Reason);
    }

    private ScriptedProbe Hanging() => new("default", (_, _) => _stuck.Task, Check.Caches);

    /// <param name="cpuTime">The processor time of the process.</param>
    /// <param name="probe">The target.</param>
    /// <param name="runs">How many runs there are.</param>
    /// <param name="passing">How many of them end before any time passes; it passes in the others, which hang.</param>
    private async Task<IReadOnlyList<RunReport>> RunAsync(Func<TimeSpan> cpuTime, ScriptedProbe probe, int runs, int passing = 0)
    {
        await using var runner = new Runner(
            [probe], _timeout, _time, new RunMetrics(new HealthzOptions(), _time), new FakeLogger<Runner>(_log),
            coldStart: new ColdStart(cpuTime));
        var reports = new List<RunReport>();
        while (reports.Count < runs)
        {
            var running = runner.RunAsync(CheckSet.All, Cancel);
            await Deadline.UntilAsync("the target is asked", () => probe.Returned > reports.Count);
            if (reports.Count >= passing)
            {
                // Little time passes at once: a minute after its timeout a run counts as lost, and two lost runs begin no third.
                await Deadline.UntilAsync(
                    "the run ends",
                    () =>
                    {
                        _time.Advance(_timeout / 4);
                        return running.IsCompleted;
                    });
            }

            reports.Add(await running);
        }

        _stuck.SetResult();
        return reports;
    }
}
