using System.Globalization;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Checks;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Runs;
using Caluma.Healthz.Tests.Configuration;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>A recorder whose clock and verdicts the test sets, with its own history.</summary>
internal sealed class RecordedProbe : IAsyncDisposable
{
    /// <summary>Another storage, if given.</summary>
    private static readonly string[] _memory = ["Healthz__History__ConnectionString=UseDevelopmentStorage=true"];

    private readonly FakeLoggerProvider _log = new();
    private readonly ServiceProvider _services;
    private readonly Schedule _schedule;
    private readonly BlobContainerClient? _container;
    private readonly IHistoryStorage? _storage;
    private readonly string _connectionString;
    private readonly string[] _settings;

    /// <param name="container">The container of the history.</param>
    /// <param name="connectionString">The connection string of the probe, which may go through a proxy.</param>
    /// <param name="time">The clock; null for a new one that shows noon.</param>
    /// <param name="settings">More settings, such as <c>Healthz__Slo=99</c>.</param>
    public RecordedProbe(BlobContainerClient container, string connectionString, FakeTimeProvider? time = null, params string[] settings)
        : this(
            [$"Healthz__History__ConnectionString={connectionString}", $"Healthz__History__Container={container.Name}"], time, settings) =>
        (_container, _connectionString) = (container, connectionString);

    private RecordedProbe(string[] history, FakeTimeProvider? time, string[] settings, IHistoryStorage? storage = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        (_connectionString, _settings, _storage) = ("", settings, storage);
        var configuration = Settings.Read(["Healthz__Checks=databases", .. history, .. settings]);
        Assert.Empty(configuration.Problems);
        _schedule = configuration.Options.Schedule;
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
            .AddSingleton<TimeProvider>(Time)
            .AddHealthz(configuration)
            .Replace(ServiceDescriptor.Singleton<IRunner>(new Runner(this)));
        if (storage is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(storage));
        }

        _services = services.BuildServiceProvider();
    }

    /// <summary>The container of the history, if there is one.</summary>
    public BlobContainerClient Container => _container ?? throw new InvalidOperationException("The history is in no container.");

    public FakeTimeProvider Time { get; }

    /// <summary>The reason with which the next runs fail; null for passes.</summary>
    public Reason? Fails { get; set; }

    /// <summary>Whether the process has time for the next runs.</summary>
    public bool Starves { get; set; }

    /// <summary>How long the next runs take.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>The task that the next runs wait for.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    public FakeLogCollector Log => _log.Collector;

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A probe whose history is in a folder.</summary>
    public static RecordedProbe StartIn(string folder, FakeTimeProvider? time = null, params string[] settings) =>
        new([$"Healthz__History__Folder={folder}"], time, settings);

    /// <summary>A probe whose history is in memory.</summary>
    public static RecordedProbe StartOn(IHistoryStorage storage, FakeTimeProvider? time = null, params string[] settings) =>
        new(_memory, time, settings, storage);

    /// <summary>Another process on the same history and clock, with the same verdicts.</summary>
    public RecordedProbe Again() => _storage is null
        ? Again(_connectionString, _settings)
        : new(_memory, Time, _settings, _storage) { Fails = Fails, Takes = Takes };

    /// <summary>Another process on the same history and clock.</summary>
    public RecordedProbe Again(string connectionString, params string[] settings) =>
        new(Container, connectionString, Time, settings) { Fails = Fails, Takes = Takes };

    /// <summary>Advances the clock by some ticks of the schedule, and records a run for each.</summary>
    public async Task TickAsync(int times = 1)
    {
        for (var tick = 0; tick < times; tick++)
        {
            PassTime();
            await RecordAsync();
        }
    }

    /// <summary>
    /// Like <see cref="TickAsync"/> with a storage that hangs: advances the clock while the recorder waits, until its time is up.
    /// </summary>
    public async Task TickInVainAsync(int times = 1)
    {
        for (var tick = 0; tick < times; tick++)
        {
            PassTime();
            var recording = RecordAsync();
            await Deadline.UntilAsync("the recorder gives up", () =>
            {
                Time.Advance(TimeSpan.FromSeconds(1));
                return recording.IsCompleted;
            });
            await recording;
        }
    }

    /// <summary>Advances the clock to the next tick.</summary>
    public void PassTime()
    {
        var now = Time.GetUtcNow();
        Time.Advance(_schedule.Next(now) - now);
    }

    /// <summary>Records a run for the newest tick.</summary>
    public Task RecordAsync() => Get<Recorder>().RecordAsync(late: false, "test", TestContext.Current.CancellationToken);

    /// <summary>The messages of the events of these names.</summary>
    public IReadOnlyList<string> Events(params string[] names) =>
        [.. Log.GetSnapshot().Where(record => names.Contains(record.Id.Name)).Select(record => record.Message)];

    /// <summary>The level of each failed record, and what failed.</summary>
    public IReadOnlyList<(LogLevel Level, string Message)> Failures() =>
        [.. Log.GetSnapshot().Where(record => record.Id.Name == "HealthzRecordFailed").Select(record => (record.Level, record.Message))];

    /// <summary>
    /// The announced alerts, such as <c>HealthzAlertFiring rule=unavailable severity=critical since=… check=databases target=default</c>.
    /// </summary>
    public IReadOnlyList<string> Alerts() => Events("HealthzAlertFiring", "HealthzAlertResolved");

    /// <summary>The announced incidents, such as <c>HealthzIncidentOpened id=database-default-20261122T120400Z …</c>.</summary>
    public IReadOnlyList<string> Incidents() => Events("HealthzIncidentOpened", "HealthzIncidentUpdated", "HealthzIncidentResolved");

    /// <summary>Both in their order.</summary>
    public IReadOnlyList<string> Announcements() => Events(
        "HealthzAlertFiring", "HealthzAlertResolved", "HealthzIncidentOpened", "HealthzIncidentUpdated", "HealthzIncidentResolved");

    /// <summary>The content of a blob of the history.</summary>
    public async Task<string> ReadAsync(string name) => _storage is MemoryHistoryStorage memory
        ? memory.Text(name)
        : (await Container.GetBlobBaseClient(name).DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();

    /// <summary>The records in the log of a day, without duplicates.</summary>
    public async Task<IReadOnlyList<RunRecord>> RecordsAsync(DateOnly day) =>
        await Get<RecordReader>().ReadDayAsync(day, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    /// <summary>The times of the ticks in the log of a day, such as <c>12:01</c>.</summary>
    public async Task<IReadOnlyList<string>> TicksAsync(DateOnly day) =>
        [.. (await RecordsAsync(day)).Select(record => record.Tick.ToString("HH:mm", CultureInfo.InvariantCulture))];

    public async Task<DayRollup> RollupAsync(DateOnly day) =>
        JsonSerializer.Deserialize(await ReadAsync(HistoryNames.Rollup(day)), HistoryJson.Default.DayRollup)!;

    /// <summary>The number of records in a day's rollup.</summary>
    public async Task<int> RolledUpAsync(DateOnly day) => (await RollupAsync(day)).Hours.Sum(hour => hour.Ticks);

    public async Task<TrendState> StateAsync() =>
        JsonSerializer.Deserialize(await ReadAsync(TrendState.BlobName), TrendsJson.Default.TrendState)!;

    public async Task<LatestRun> LatestAsync() =>
        JsonSerializer.Deserialize(await ReadAsync(LatestRun.BlobName), TrendsJson.Default.LatestRun)!;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }

    private sealed class Runner(RecordedProbe probe) : IRunner
    {
        public async Task<RunReport> RunAsync(CheckSet checks, Action? begun, CancellationToken cancellationToken)
        {
            var started = probe.Time.GetUtcNow();
            await probe.Until.WaitAsync(cancellationToken);
            var result = probe.Starves
                ? CheckResult.WithoutVerdict(Check.Databases, "default", probe.Takes)
                : new CheckResult(Check.Databases, "default", probe.Takes, probe.Fails);
            return new RunReport(checks, [result], started, probe.Takes);
        }

        public RunReport Unanswered(CheckSet checks, TimeSpan waited) => throw new NotSupportedException();
    }
}
