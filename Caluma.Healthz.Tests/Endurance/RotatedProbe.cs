using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.Endurance;

/// <summary>A probe with the credentials of a moment.</summary>
internal sealed class RotatedProbe : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="settings">The settings.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="log">Gets all that it logs.</param>
    public RotatedProbe(Dictionary<string, string?> settings, EnduranceClock clock, FakeLogCollector log)
    {
        var configuration = HealthzConfiguration.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        Assert.Empty(configuration.Problems);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log)))
            .AddSingleton<TimeProvider>(clock)
            .AddHealthz(configuration)
            .BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Runs the checks without recording the run.</summary>
    public Task<RunReport> RunAsync() => Get<IRunner>().RunAsync(CheckSet.All, TestContext.Current.CancellationToken);

    public Task RecordAsync(DateTimeOffset tick) =>
        Get<Recorder>().RecordAsync(tick, late: false, "test", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
