using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

public sealed class RunnerTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLogCollector _log = new();
    private readonly HeldScheduler _starving = new();
    private IReadOnlyList<ScriptedProbe> _probes = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Results_come_in_the_order_of_the_report_and_then_of_the_aliases()
    {
        await using var runner = Runner(
            ScriptedProbe.Passing("b", Check.Databases, Check.DatabaseModels),
            ScriptedProbe.Passing("a", Check.Databases),
            ScriptedProbe.Passing("B", Check.Caches),
            ScriptedProbe.Passing("default", Check.MediaStorageService));

        var report = await runner.RunAsync(CheckSet.All, Cancel);

        Assert.Equal(
            [
                (Check.MediaStorageService, "default"), (Check.Caches, "B"), (Check.Databases, "a"), (Check.Databases, "b"),
                (Check.DatabaseModels, "b"),
            ],
            report.Results.Select(result => (result.Check, result.Target)));
        Assert.True(report.Ok);
    }

    [Fact]
    public async Task Answers_before_the_deadline_stand_and_the_others_time_out()
    {
        var stuck = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        await using var runner = Runner(new ScriptedProbe(
            "default",
            (run, _) =>
            {
                run.Pass(Check.Databases);
                answered.SetResult();
                return stuck.Task; // Ignores its token.
            },
            Check.Databases,
            Check.DatabaseMigrations));

        var running = runner.RunAsync(CheckSet.All, Cancel);
        await answered.Task;
        await AdvanceUntilAsync(running);
        var report = await running;

        Assert.Equal(
            [(Check.DatabaseMigrations, Reason.Timeout), (Check.Databases, (Reason?)null)],
            report.Results.Select(result => (result.Check, result.Reason)));
        stuck.SetResult();
    }

    [Fact]
    public async Task A_probe_that_blocks_its_thread_does_not_delay_the_others()
    {
        using var release = new ManualResetEventSlim();
        var well = ScriptedProbe.Passing("well", Check.Caches);
        await using var runner = Runner(
            new ScriptedProbe(
                "stuck",
                (_, _) =>
                {
                    release.Wait(CancellationToken.None);
                    return Task.CompletedTask;
                },
                Check.Caches),
            well);

        var running = runner.RunAsync(CheckSet.All, Cancel);
        await Deadline.UntilAsync("the other has answered", () => well.Returned == 1);
        await AdvanceUntilAsync(running);
        var report = await running;

        Assert.Equal(
            [("stuck", Reason.Timeout), ("well", (Reason?)null)], report.Results.Select(result => (result.Target, result.Reason)));
        release.Set();
    }

    [Fact]
    public async Task An_abandoned_probe_is_cancelled_and_its_exception_observed()
    {
        var stopped = new TaskCompletionSource();
        await using var runner = Runner(new ScriptedProbe(
            "default",
            async (_, cancellationToken) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken)
                    .ContinueWith(_ => stopped.SetResult(), TaskScheduler.Default);
                throw new InvalidOperationException("too late to matter");
            },
            Check.Caches));

        var running = runner.RunAsync(CheckSet.All, Cancel);
        await AdvanceUntilAsync(running);

        Assert.Equal(Reason.Timeout, Assert.Single((await running).Results).Reason);
        await stopped.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task An_exception_is_the_reason_of_all_unanswered_checks()
    {
        await using var runner = Runner(new ScriptedProbe(
            "default",
            (run, _) =>
            {
                run.Pass(Check.Databases);
                throw new InvalidOperationException("canary");
            },
            Check.Databases,
            Check.DatabaseMigrations,
            Check.DatabaseModels));

        var report = await runner.RunAsync(CheckSet.All, Cancel);

        Assert.Equal([Reason.Protocol, null, Reason.Protocol], report.Results.Select(result => result.Reason));
        Assert.DoesNotContain(_log.GetSnapshot(), record => record.Message.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_run_changes_nothing()
    {
        ProbeRun? kept = null;
        await using var runner = Runner(new ScriptedProbe(
            "default",
            (run, _) =>
            {
                kept = run;
                return Task.CompletedTask;
            },
            Check.Caches));

        var report = await runner.RunAsync(CheckSet.All, Cancel);
        kept!.Pass(Check.Caches);

        Assert.Equal(Reason.Unknown, Assert.Single(report.Results).Reason);
    }

    [Fact]
    public async Task Only_the_probes_of_the_wanted_checks_run()
    {
        var cache = ScriptedProbe.Passing("default", Check.Caches);
        await using var runner = Runner(cache, ScriptedProbe.Passing("default", Check.Databases));

        var report = await runner.RunAsync(CheckSet.Of(Check.Databases), Cancel);

        Assert.Equal(0, cache.Runs);
        Assert.Equal(Check.Databases, Assert.Single(report.Results).Check);
    }

    [Fact]
    public async Task A_cancelled_run_throws()
    {
        using var left = new CancellationTokenSource();
        var stopped = new TaskCompletionSource();
        await using var runner = Runner(new ScriptedProbe(
            "default",
            async (_, cancellationToken) =>
            {
                await left.CancelAsync();
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken)
                    .ContinueWith(_ => stopped.SetResult(), TaskScheduler.Default);
            },
            Check.Caches));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.RunAsync(CheckSet.All, left.Token));
        await stopped.Task.WaitAsync(Cancel);
    }

    [Fact]
    public async Task More_targets_than_the_limit_all_get_their_turn()
    {
        var probes = Enumerable.Range(0, 100).Select(index => ScriptedProbe.Passing($"cache{index}", Check.Caches)).ToArray();
        await using var runner = Runner(probes);

        var report = await runner.RunAsync(CheckSet.All, Cancel);

        Assert.Equal(100, report.Results.Count);
        Assert.True(report.Ok);
    }

    [Fact]
    public async Task The_time_of_a_target_starts_with_its_work()
    {
        await using var runner = Runner(_starving, new ScriptedProbe(
            "default",
            (run, _) =>
            {
                Assert.Equal(_timeout, run.Remaining);
                run.Pass(Check.Caches);
                return Task.CompletedTask;
            },
            Check.Caches));

        var running = runner.RunAsync(CheckSet.All, Cancel);
        _time.Advance(_timeout - TimeSpan.FromSeconds(0.1));
        _starving.Release();
        var report = await running;

        Assert.True(report.Ok);
        Assert.Equal(TimeSpan.Zero, Assert.Single(report.Results).Duration);
    }

    [Fact]
    public async Task Work_that_does_not_start_within_the_timeout_is_no_failure_of_a_target()
    {
        var begun = 0;
        var probe = ScriptedProbe.Passing("late", Check.Databases, Check.DatabaseModels);
        await using var runner = Runner(_starving, probe);

        var running = runner.RunAsync(CheckSet.All, () => begun++, Cancel);
        _time.Advance(_timeout);
        var report = await running;
        _starving.Release();

        Assert.False(report.Ok);
        Assert.All(report.Results, result => Assert.False(result.HasVerdict || result.Reason is not null));
        Assert.Equal(2, report.Results.Count);
        Assert.Equal(0, probe.Runs);
        Assert.Equal(1, begun);
        Assert.Equal(
            [
                ("HealthzRunStarved", LogLevel.Warning, "HealthzRunStarved results=2 withoutVerdict=2 durationMs=5000"),
                ("HealthzRunCompleted", LogLevel.Information, "HealthzRunCompleted ok=false results=2 failed=0 durationMs=5000"),
            ],
            _log.GetSnapshot().Select(record => (record.Id.Name!, record.Level, record.Message)));
    }

    [Fact]
    public async Task Targets_that_wait_behind_hanging_ones_get_no_verdict()
    {
        var stuck = new TaskCompletionSource();
        var hanging = Enumerable.Range(0, 32)
            .Select(index => new ScriptedProbe($"hangs{index}", (_, _) => stuck.Task, Check.Caches)).ToArray();
        var waiting = ScriptedProbe.Passing("waits", Check.Databases);
        await using var runner = Runner([.. hanging, waiting]);
        _probes = hanging;

        var running = runner.RunAsync(CheckSet.All, Cancel);
        await AdvanceUntilAsync(running);
        var report = await running;
        stuck.SetResult();

        Assert.Equal(32, report.Results.Count(result => result.Reason == Reason.Timeout));
        Assert.Equal("waits", Assert.Single(report.Results, result => !result.HasVerdict && result.Reason is null).Target);
    }

    private Runner Runner(params IProbe[] probes) => Runner(TaskScheduler.Default, probes);

    private Runner Runner(TaskScheduler scheduler, params IProbe[] probes)
    {
        _probes = [.. probes.OfType<ScriptedProbe>()];
        return new Runner(probes, _timeout, _time, new RunMetrics(new HealthzOptions(), _time), new FakeLogger<Runner>(_log), scheduler);
    }

    /// <summary>Once all probes have started, advances the clock until the run ends; its timer may not be set yet.</summary>
    private async Task AdvanceUntilAsync(Task running)
    {
        await Task.WhenAll(_probes.Select(probe => probe.Begun)).WaitAsync(Cancel);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
