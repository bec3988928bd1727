using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A target whose runs never end, and hold a thread each: a PostgreSQL that does not stop sending.</summary>
public sealed class EndlessRunTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _ends = new();
    private readonly ScriptedProbe _probe;
    private readonly Runner _runner;

    public EndlessRunTests()
    {
        _probe = new ScriptedProbe("default", Script, Check.Databases);
        _runner = new Runner(
            [_probe], TimeSpan.FromSeconds(5), _time, new RunMetrics(new HealthzOptions(), _time), NullLogger<Runner>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_are_lost_and_no_more_are_begun_until_one_has_ended()
    {
        for (var run = 1; run <= 6; run++)
        {
            Assert.Equal(Reason.Timeout, await ReasonAsync(begun: Math.Min(run, 2)));
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(2, _probe.Runs);
        _ends.SetResult();
        var report = await _runner.RunAsync(CheckSet.All, Cancel); // No time passes, so a slow machine makes no timeout.
        Assert.Null(Assert.Single(report.Results).Reason);
    }

    [Fact]
    public async Task Those_that_may_still_clean_up_do_not_count()
    {
        for (var run = 1; run <= 6; run++)
        {
            Assert.Equal(Reason.Timeout, await ReasonAsync(begun: run));
        }

        Assert.Equal(6, _probe.Runs);
    }

    /// <remarks>The runner waits for the runs, so they end even where an assertion failed.</remarks>
    public ValueTask DisposeAsync()
    {
        _ends.TrySetResult();
        return _runner.DisposeAsync();
    }

    private Task Script(ProbeRun run, CancellationToken cancellationToken)
    {
        if (_ends.Task.IsCompleted)
        {
            run.Pass(Check.Databases);
        }

        return _ends.Task;
    }

    /// <param name="begun">The number of runs that have begun before time passes.</param>
    private async Task<Reason?> ReasonAsync(int begun)
    {
        var running = _runner.RunAsync(CheckSet.All, Cancel);
        await Deadline.UntilAsync($"{begun} have begun", () => _probe.Returned == begun);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        return Assert.Single((await running).Results).Reason;
    }
}
