using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>A recorder with a clock and verdicts that the test sets, and a history in a container of its own on a real Azurite.</summary>
internal sealed class RecordedProbe : IAsyncDisposable
{
    private readonly FakeLoggerProvider _log = new();
    private readonly ServiceProvider _services;

    public RecordedProbe(BlobContainerClient container, string connectionString, FakeTimeProvider? time = null, params string[] settings)
    {
        Container = container;
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var configuration = Settings.Read(
            ["Healthz__Checks=databases", $"Healthz__History__ConnectionString={connectionString}", $"Healthz__History__Container={container.Name}", .. settings]);
        Assert.Empty(configuration.Problems);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
            .AddSingleton<TimeProvider>(Time)
            .AddHealthz(configuration)
            .Replace(ServiceDescriptor.Singleton<IRunner>(new Runner(this)))
            .BuildServiceProvider();
    }

    public BlobContainerClient Container { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>What the next runs find; null for a pass.</summary>
    public Reason? Fails { get; set; }

    /// <summary>How long they take.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromMilliseconds(3);

    public FakeLogCollector Log => _log.Collector;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A probe with a history of its own.</summary>
    public static async Task<RecordedProbe> StartNewAsync(Services services, params string[] settings) =>
        new(await services.CreateContainerAsync(), (await services.Azurite).ConnectionString, settings: settings);

    /// <summary>Another process on the same history and clock.</summary>
    public RecordedProbe Again(string connectionString, params string[] settings) => new(Container, connectionString, Time, settings);

    /// <summary>Lets so many minutes pass, and records a run in each.</summary>
    public async Task TickAsync(int times = 1)
    {
        for (var tick = 0; tick < times; tick++)
        {
            Time.Advance(TimeSpan.FromMinutes(1));
            await Get<Recorder>().RecordAsync(late: false, "test", TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The messages of the events of these names.</summary>
    public IReadOnlyList<string> Events(params string[] names) =>
        [.. Log.GetSnapshot().Where(record => names.Contains(record.Id.Name)).Select(record => record.Message)];

    /// <summary>What a blob of the history holds.</summary>
    public async Task<string> ReadAsync(string name) =>
        (await Container.GetBlobBaseClient(name).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }

    private sealed class Runner(RecordedProbe probe) : IRunner
    {
        public Task<RunReport> RunAsync(CheckSet checks, CancellationToken cancellationToken) => Task.FromResult(
            new RunReport(checks, [new CheckResult(Check.Databases, "default", probe.Takes, probe.Fails)], probe.Time.GetUtcNow(), probe.Takes));

        public RunReport Unanswered(CheckSet checks) => throw new NotSupportedException();
    }
}
