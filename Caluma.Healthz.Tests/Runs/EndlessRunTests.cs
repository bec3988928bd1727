using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Runs;

/// <summary>A target whose runs never end, and hold a thread each: a PostgreSQL that does not stop sending.</summary>
public sealed class EndlessRunTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _ends = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_are_lost_and_no_more_are_begun_until_one_has_ended()
    {
        var probe = EndlessProbe();
        await using var runner = Runner(probe);

        for (var run = 0; run < 6; run++)
        {
            Assert.Equal(Reason.Timeout, await ReasonAsync(runner, probe));
            _time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal(2, probe.Runs);
        _ends.SetResult();
        Assert.Null(await ReasonAsync(runner, probe));
    }

    [Fact]
    public async Task Those_that_may_still_clean_up_do_not_count()
    {
        var probe = EndlessProbe();
        await using var runner = Runner(probe);

        for (var run = 0; run < 6; run++)
        {
            Assert.Equal(Reason.Timeout, await ReasonAsync(runner, probe));
        }

        Assert.Equal(6, probe.Runs);
        _ends.SetResult();
    }

    private ScriptedProbe EndlessProbe() => new(
        "default",
        (run, _) =>
        {
            if (_ends.Task.IsCompleted)
            {
                run.Pass(Check.Databases);
            }

            return _ends.Task;
        },
        Check.Databases);

    private Runner Runner(ScriptedProbe probe) => new(
        [probe], TimeSpan.FromSeconds(5), _time, new RunMetrics(new HealthzOptions(), _time), NullLogger<Runner>.Instance);

    private async Task<Reason?> ReasonAsync(Runner runner, ScriptedProbe probe)
    {
        var running = runner.RunAsync(CheckSet.All, Cancel);
        await probe.Begun.WaitAsync(Cancel);
        while (!running.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Yield();
        }

        return Assert.Single((await running).Results).Reason;
    }
}
