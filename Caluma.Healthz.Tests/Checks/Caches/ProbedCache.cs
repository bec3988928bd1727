using System.Diagnostics;
using Caluma.Healthz.Tests.Deployments;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Checks.Caches;

/// <summary>A cache, and a probe that is asked about nothing else.</summary>
internal sealed class ProbedCache : IAsyncDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly CalumaDeployment _deployment;
    private readonly RunningProbe _probe;

    private ProbedCache(CalumaDeployment deployment, RunningProbe probe)
    {
        _deployment = deployment;
        _probe = probe;
    }

    public static async Task<ProbedCache> StartAsync(Services services, string cache)
    {
        var deployment = await CalumaDeployment.CreateAsync(services);
        deployment.Settings["Healthz:Caches:default"] = cache;
        deployment.Settings["Healthz:Timeout"] = $"{_timeout:c}";
        deployment.Settings["Logging:LogLevel:Default"] = "Debug";
        return new ProbedCache(deployment, await deployment.StartProbeAsync());
    }

    /// <summary>Runs the check, and fails where its answer is late.</summary>
    /// <returns>Null where it passes.</returns>
    public async Task<string?> ReasonAsync()
    {
        var asked = Stopwatch.GetTimestamp();
        var reason = await AskAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, _timeout + RunningProbe.OnTheWire);
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

        var reason = _probe.Reasons().SingleOrDefault()?.Split(": ")[1];
        Assert.Equal([reason is null ? "caches/default: ok" : "caches/default: failed"], report.Verdicts);
        return reason;
    }
}
