using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Caluma.Healthz.Tests.Checks;

/// <summary>Runs the checks of some settings once, on the system's clock.</summary>
internal static class SingleRun
{
    public static async Task<RunReport> RunAsync(params IEnumerable<string> settings)
    {
        var configuration = Settings.Read(settings);
        Assert.Empty(configuration.Problems);
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddHealthz(configuration)
            .BuildServiceProvider();
        return await services.GetRequiredService<IRunner>()
            .RunAsync(configuration.Options.Checks, TestContext.Current.CancellationToken);
    }
}
