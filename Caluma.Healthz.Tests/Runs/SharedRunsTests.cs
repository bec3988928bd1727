using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Runs;

public sealed class SharedRunsTests
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _minInterval = TimeSpan.FromSeconds(1);
    private static readonly CheckSet _databases = CheckSet.Of(Check.Databases);

    private readonly ObservedTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly FakeRunner _runner = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Waits until a number of callers wait for their maximal time.</summary>
    private Task UntilAwaitedAsync(TimeSpan since, int times) =>
        _time.UntilAwaitedAsync(DateTimeOffset.UnixEpoch + since + _timeout + TimeSpan.FromSeconds(0.25), times);

    [Fact]
    public async Task A_thousand_callers_at_once_cost_one_run()
    {
        var runs = SharedRuns();
        var callers = Enumerable.Range(0, 1000).Select(_ => runs.GetAsync(CheckSet.All, Cancel)).ToList();
        _runner.Finish();

        var reports = await Task.WhenAll(callers);

        Assert.Equal(1, _runner.Started);
        Assert.All(reports, shared => Assert.Same(reports[0].Report.Results, shared.Report.Results));
    }

    [Fact]
    public async Task A_caller_within_the_minimal_interval_gets_the_same_report_with_its_age()
    {
        var runs = SharedRuns();
        _runner.Finish();
        await runs.GetAsync(CheckSet.All, Cancel);
        _time.Advance(_minInterval);

        var shared = await runs.GetAsync(CheckSet.All, Cancel);

        Assert.Equal(_minInterval, shared.Age);
        Assert.Equal(1, _runner.Started);
    }

    [Fact]
    public async Task A_caller_after_the_minimal_interval_gets_a_new_run()
    {
        var runs = SharedRuns();
        _runner.Finish();
        await runs.GetAsync(CheckSet.All, Cancel);
        _time.Advance(_minInterval + TimeSpan.FromMilliseconds(1));

        var shared = await runs.GetAsync(CheckSet.All, Cancel);

        Assert.Equal(TimeSpan.Zero, shared.Age);
        Assert.Equal(2, _runner.Started);
    }

    [Fact]
    public async Task A_filtered_caller_is_served_from_a_fresh_full_run()
    {
        var runs = SharedRuns();
        _runner.Finish();
        await runs.GetAsync(CheckSet.All, Cancel);

        var (report, _) = await runs.GetAsync(_databases, Cancel);

        Assert.Equal(1, _runner.Started);
        Assert.Equal(_databases, report.Checks);
        Assert.Equal([Check.Databases], report.Results.Select(result => result.Check));
    }

    [Fact]
    public async Task A_full_caller_is_not_served_from_a_fresh_filtered_run()
    {
        var runs = SharedRuns();
        _runner.Finish();
        await runs.GetAsync(_databases, Cancel);

        await runs.GetAsync(CheckSet.All, Cancel);

        Assert.Equal(2, _runner.Started);
    }

    [Fact]
    public async Task A_filtered_caller_does_not_wait_for_a_full_run()
    {
        var runs = SharedRuns();
        var full = runs.GetAsync(CheckSet.All, Cancel);
        var filtered = runs.GetAsync(_databases, Cancel);

        _runner.Finish(_databases);
        await filtered;

        Assert.False(full.IsCompleted);
        _runner.Finish();
        await full;
    }

    [Fact]
    public async Task A_caller_who_joins_a_stuck_run_answers_at_its_own_deadline_and_the_next_one_starts_a_new_run()
    {
        var begin = new TaskCompletionSource();
        _runner.Until = begin.Task;
        var runs = SharedRuns();
        var first = runs.GetAsync(CheckSet.All, Cancel);
        begin.SetResult();
        await UntilAwaitedAsync(TimeSpan.Zero, times: 2); // for the start of the work, then for its end
        _time.Advance(TimeSpan.FromSeconds(4));
        var joiner = runs.GetAsync(CheckSet.All, Cancel);

        _time.Advance(TimeSpan.FromSeconds(2));
        var (report, _) = await first;
        Assert.False(report.Ok);
        Assert.All(report.Results, result => Assert.False(result.HasVerdict));
        Assert.False(joiner.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False((await joiner).Report.Ok);
        Assert.Equal(1, _runner.Unanswereds);

        _runner.Finish();
        Assert.True((await runs.GetAsync(CheckSet.All, Cancel)).Report.Ok);
        Assert.Equal(2, _runner.Started);
    }

    [Fact]
    public async Task The_time_of_a_caller_starts_with_the_work()
    {
        var begin = new TaskCompletionSource();
        _runner.Until = begin.Task;
        var runs = SharedRuns();
        var first = runs.GetAsync(CheckSet.All, Cancel);
        var joiner = runs.GetAsync(CheckSet.All, Cancel);
        _time.Advance(TimeSpan.FromSeconds(5));
        begin.SetResult();
        await UntilAwaitedAsync(TimeSpan.FromSeconds(5), times: 2);

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(first.IsCompleted);
        Assert.False(joiner.IsCompleted);
        _runner.Finish();

        Assert.True((await first).Report.Ok);
        Assert.True((await joiner).Report.Ok);
    }

    [Fact]
    public async Task Work_that_does_not_start_within_another_timeout_is_answered_without_verdicts_and_logged_once()
    {
        _runner.Until = new TaskCompletionSource().Task;
        var runs = SharedRuns();
        var callers = Enumerable.Range(0, 100).Select(_ => runs.GetAsync(CheckSet.All, Cancel)).ToList();

        _time.Advance(_timeout + TimeSpan.FromSeconds(0.25));
        var reports = await Task.WhenAll(callers);

        Assert.All(reports, shared => Assert.False(shared.Report.Ok));
        Assert.All(reports.SelectMany(shared => shared.Report.Results), result => Assert.False(result.HasVerdict));
        Assert.Equal(1, _runner.Unanswereds);
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_end_the_run_of_the_others()
    {
        using var left = new CancellationTokenSource();
        var runs = SharedRuns();
        var leaver = runs.GetAsync(CheckSet.All, left.Token);
        var stayer = runs.GetAsync(CheckSet.All, Cancel);

        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaver);
        _runner.Finish();

        Assert.True((await stayer).Report.Ok);
        Assert.Equal(1, _runner.Started);
    }

    private SharedRuns SharedRuns() => new(
        _runner, new HealthzOptions { Timeout = _timeout, MinInterval = _minInterval }, _time, new RunMetrics(new HealthzOptions(), _time));

    /// <summary>A runner whose runs of some checks the test ends.</summary>
    private sealed class FakeRunner : IRunner
    {
        private readonly Dictionary<CheckSet, TaskCompletionSource> _finished = [];
        private int _started;
        private int _unanswered;

        /// <summary>The number of reports without a verdict.</summary>
        public int Unanswereds => _unanswered;

        public int Started => _started;

        public void Finish() => Finish(CheckSet.All, _databases);

        public void Finish(params CheckSet[] checks)
        {
            foreach (var set in checks)
            {
                Finished(set).TrySetResult();
            }
        }

        /// <summary>The task that a run waits for before its work starts.</summary>
        public Task Until { get; set; } = Task.CompletedTask;

        public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _started);
            await Until.WaitAsync(cancellationToken);
            begun?.Invoke();
            await Finished(checks).Task.WaitAsync(cancellationToken);
            return Report(checks, check => new CheckResult(check, "default", TimeSpan.Zero, null));
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited)
        {
            Interlocked.Increment(ref _unanswered);
            return Report(checks, check => CheckResult.WithoutVerdict(check, "default", waited));
        }

        private static RunReport Report(CheckSet checks, Func<Check, CheckResult> result) => new(
            checks, [.. CheckNames.All.Where(checks.Contains).Select(result)], DateTimeOffset.UnixEpoch, TimeSpan.Zero);

        private TaskCompletionSource Finished(CheckSet checks)
        {
            lock (_finished)
            {
                return _finished.TryGetValue(checks, out var finished) ? finished : _finished[checks] = new TaskCompletionSource();
            }
        }
    }
}
