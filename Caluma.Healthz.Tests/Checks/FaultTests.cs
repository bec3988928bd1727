using System.Diagnostics;
using System.Net;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>
/// Faults of one target while the others are healthy: the answer comes in time, only that target fails, and later runs are not affected.
/// </summary>
public abstract class FaultTests(Services services) : IAsyncDisposable
{
    /// <summary>Less than the 5 s after which an Azurite closes a connection that nothing comes through.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(4);

    private static readonly Dictionary<string, FaultMode> _faults = new()
    {
        [nameof(FaultMode.Refused)] = FaultMode.Refused,
        [nameof(FaultMode.BlackHole)] = FaultMode.BlackHole,
        [nameof(FaultMode.AcceptsAndNeverAnswers)] = FaultMode.AcceptsAndNeverAnswers,
        [nameof(FaultMode.ClosesAtOnce)] = FaultMode.ClosesAtOnce,
        [nameof(FaultMode.GarbageBytes)] = FaultMode.GarbageBytes,
        [nameof(FaultMode.SlowDrip)] = FaultMode.SlowDrip(TimeSpan.FromSeconds(0.1)),
    };

    private readonly List<IAsyncDisposable> _servers = [];
    private bool _hasStalled;

    private protected Services Services => services;

    /// <summary>The number of connections that the probe keeps between runs.</summary>
    private protected abstract int Kept { get; }

    /// <summary>The verdicts that fail with the target.</summary>
    private protected abstract IReadOnlyList<string> Targets { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<IPEndPoint> UpstreamAsync(CalumaDeployment caluma);

    /// <summary>Keeps a server of this test until its end, also where the test is repeated with another one.</summary>
    private protected T Keep<T>(T server)
        where T : IAsyncDisposable
    {
        _servers.Add(server);
        return server;
    }

    /// <summary>Points the probe to the proxy.</summary>
    private protected abstract Task GoViaAsync(FaultServer proxy, CalumaDeployment caluma);

    /// <summary>Fails if a run has left something in the target.</summary>
    private protected virtual Task AssertNothingIsLeftAsync(CalumaDeployment caluma) => Task.CompletedTask;

    private protected Task TestAsync(string fault, bool fromStart, Reason reason, params string[] answered) =>
        TestAsync(_faults[fault], fromStart, reason, answered);

    /// <summary>Tests one fault.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="fromStart">Whether the fault begins before the probe has connected.</param>
    /// <param name="reason">The expected reason.</param>
    /// <param name="answered">The checks that pass all the same.</param>
    private protected Task TestAsync(FaultMode fault, bool fromStart, Reason reason, params string[] answered) =>
        RepeatAfterStallAsync(() => TestOnceAsync(fault, fromStart, reason, answered));

    /// <summary>
    /// Repeats a test in which a healthy target timed out, too, because the machine stalled longer than the timeout. A fault that makes
    /// other targets fail does so each time.
    /// </summary>
    private protected Task RepeatAfterStallAsync(Func<Task> test) => Stall.RepeatAsync(test, () => _hasStalled);

    private async Task TestOnceAsync(FaultMode fault, bool fromStart, Reason reason, string[] answered)
    {
        await using var caluma = await CreateAsync();
        await using var server = FaultServer.Start(fromStart ? fault : FaultMode.Proxy, await UpstreamAsync(caluma));
        await GoViaAsync(server, caluma);
        await using (var probe = await caluma.StartProbeAsync())
        {
            await AssertHealthyAsync(probe, fromStart);
            server.Mode = fault;

            await AssertFailsAsync(probe, reason, answered);

            server.Mode = FaultMode.Proxy;
            await AssertHealthyAsync(probe);
            await Deadline.UntilAsync($"no more than {Kept} connections to {server} are open", () => server.Open <= Kept);
        }

        await AssertNothingIsLeftAsync(caluma);
    }

    /// <summary>Tests a setting with which all runs fail.</summary>
    private protected Task TestSettingsAsync(Action<CalumaDeployment> set, Reason reason) => RepeatAfterStallAsync(async () =>
    {
        await using var caluma = await CreateAsync();
        set(caluma);
        await using var probe = await caluma.StartProbeAsync();
        await AssertHealthyAsync(probe, othersAlone: true);

        await AssertFailsAsync(probe, reason);
        await AssertNothingIsLeftAsync(caluma);
    });

    private protected async Task<CalumaDeployment> CreateAsync()
    {
        var caluma = await CalumaDeployment.CreateAsync(services);
        caluma.Timeout = _timeout;
        return caluma;
    }

    private protected async Task AssertHealthyAsync(RunningProbe probe, bool othersAlone = false)
    {
        var others = string.Join('&', Targets.Select(target => $"skip={Uri.EscapeDataString(target.Split('/')[0])}"));
        var report = await AskAsync(probe, othersAlone ? $"?{others}" : "");

        Assert.Empty(report.Failed);
        Assert.Equal(200, report.Status);
    }

    private protected async Task AssertFailsAsync(RunningProbe probe, Reason reason, params string[] answered)
    {
        var asked = Stopwatch.GetTimestamp();
        var report = await AskAsync(probe, "");
        var elapsed = Stopwatch.GetElapsedTime(asked);

        var failing = Targets.Except(answered);
        Assert.Equal(failing.Select(target => $"{target}: failed"), report.Failed);
        Assert.Equal(503, report.Status);
        Assert.Equal(failing.Select(_ => reason.Code()), probe.ReasonCodes());

        // Not how soon, which a busy machine delays (SharedRunsTests have a clock of their own), but that no client makes it wait.
        Assert.InRange(elapsed, TimeSpan.Zero, 4 * _timeout);
    }

    private async Task<Report> AskAsync(RunningProbe probe, string query)
    {
        probe.Log.Clear();
        var report = await probe.ReportAsync(query);
        _hasStalled = probe.HasStarved() || (report.Failed.Except(Targets.Select(target => $"{target}: failed")).Any()
            && probe.ReasonCodes().All(code => code == Reason.Timeout.Code()));
        return report;
    }
}
