using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Functions;

/// <summary>
/// A new instance with a quarter of a core, which compiles while it runs for the first time: what is built here is not compiled ahead, as
/// what is shipped is, so it has four times as much to do in that time.
/// </summary>
[Slow]
public sealed class ColdStartTests(Services services)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cold_start_on_a_quarter_of_a_core_records_no_false_verdict_and_soon_tells_the_truth()
    {
        await using var deployment = await FunctionsDeployment.CreateAsync(services);
        using var quota = new CpuQuota(cores: 0.25);
        await using var host = await deployment.StartFunctionsAsync(ticks: false, quota.Launcher);

        await host.TickAsync();
        var first = await host.AskAsync("/healthz", Cancel);
        for (var asks = 1; asks <= 3 && first.Status != 200; asks++)
        {
            first = await host.AskAsync("/healthz", Cancel);
        }

        Assert.Empty(host.Logged("HealthzCheckFailed"));
        Assert.Equal(200, first.Status);
    }
}
