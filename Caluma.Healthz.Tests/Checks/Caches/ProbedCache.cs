using System.Diagnostics;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>A cache and a probe of it alone.</summary>
internal sealed class ProbedCache : IAsyncDisposable
{
    /// <summary>The timeout of a test about timeouts. Other tests have more time, so that a busy machine causes no timeout.</summary>
    public static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The client takes three quarters of it to tell that one server of a cluster is down: the rest is 2 seconds.</summary>
    private static readonly TimeSpan _enough = TimeSpan.FromSeconds(8);

    private readonly CalumaDeployment _deployment;
    private readonly RunningProbe _probe;
    private readonly TimeSpan _timeout;

    private bool _hasStalled;

    private ProbedCache(CalumaDeployment deployment, RunningProbe probe, TimeSpan timeout)
    {
        _deployment = deployment;
        _probe = probe;
        _timeout = timeout;
    }

    /// <param name="services">Where the deployment's other services run.</param>
    /// <param name="cache">The connection string of the cache.</param>
    /// <param name="timeout">How long a check may take; null for more than any check takes that is answered.</param>
    public static async Task<ProbedCache> StartAsync(Services services, string cache, TimeSpan? timeout = null)
    {
        var given = timeout ?? _enough;
        var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = cache;
        deployment.Settings["Healthz:Timeout"] = $"{given:c}";
        deployment.Settings["Logging:LogLevel:Default"] = "Debug";
        return new ProbedCache(deployment, await deployment.StartProbeAsync(), given);
    }

    /// <summary>Runs the check of a cache once.</summary>
    /// <inheritdoc cref="StartAsync"/>
    /// <returns>Null where it passes.</returns>
    public static async Task<string?> ReasonAsync(Services services, string cache, TimeSpan? timeout = null)
    {
        await using var probed = await StartAsync(services, cache, timeout);
        return await probed.ReasonAsync();
    }

    /// <summary>Runs the check, and fails if its answer is late.</summary>
    /// <returns>Null where it passes.</returns>
    public async Task<string?> ReasonAsync()
    {
        string? reason = null;
        await Stall.RepeatAsync(
            async () =>
            {
                var asked = Stopwatch.GetTimestamp();
                reason = await AskAsync();
                Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, _timeout + RunningProbe.OnTheWire);
            },
            () => _hasStalled);
        return reason;
    }

    /// <summary>Waits until the check passes by itself.</summary>
    public Task UntilItPassesAsync() => Deadline.UntilAsync("the cache passes", async () => await AskAsync() is null);

    public async ValueTask DisposeAsync()
    {
        await _probe.DisposeAsync();
        await _deployment.DisposeAsync();
    }

    private async Task<string?> AskAsync()
    {
        _probe.Log.Clear();
        var report = await _probe.ReportAsync("?check=caches");
        foreach (var record in _probe.Log.GetSnapshot().Where(record => record.Id.Name == "HealthzException"))
        {
            TestContext.Current.TestOutputHelper?.WriteLine(record.Message);
        }

        var reason = _probe.ReasonCodes().SingleOrDefault();
        _hasStalled = _probe.HasStarved();
        Assert.Equal([reason is null ? "caches/default: ok" : "caches/default: failed"], report.Verdicts);
        return reason;
    }
}
