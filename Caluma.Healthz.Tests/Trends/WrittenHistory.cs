using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Tests.Servers;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// A history in a container of its own on a real Azurite, and a clock that the test sets. It is written as a recorder leaves it, but a day at
/// a time: months of it take a second.
/// </summary>
internal sealed class WrittenHistory : IAsyncDisposable
{
    private readonly FakeLoggerProvider _log = new();
    private readonly List<RunRecord> _records = [];
    private readonly TrendState _state = new();
    private readonly string[] _settings;
    private readonly AlertEngine _engine;
    private readonly ServiceProvider _services;
    private DayRollup? _rollup;

    private WrittenHistory(BlobContainerClient container, FakeTimeProvider time, string[] settings)
    {
        Container = container;
        Time = time;
        _settings = settings;
        var configuration = HealthzConfiguration.Read(Settings);
        Assert.Empty(configuration.Problems);
        Options = configuration.Options;
        _engine = new AlertEngine(Options);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
            .AddSingleton<TimeProvider>(time)
            .AddHealthz(configuration)
            .BuildServiceProvider();
    }

    public BlobContainerClient Container { get; }

    public FakeTimeProvider Time { get; }

    public HealthzOptions Options { get; }

    /// <summary>The settings of a process on this history.</summary>
    public IConfiguration Settings => With();

    /// <summary>All that was written.</summary>
    public IReadOnlyList<RunRecord> Records => _records;

    public IHistoryStorage Storage => _services.GetRequiredService<IHistoryStorage>();

    private RecordLog RecordLog => field ??= new(Storage);

    private DocumentStore Documents => _services.GetRequiredService<DocumentStore>();

    public TrendReader Reader => _services.GetRequiredService<TrendReader>();

    public FakeLogCollector Log => _log.Collector;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="services">Where the Azurite is.</param>
    /// <param name="now">What the clock says.</param>
    /// <param name="settings">Besides those that make a history of the check <c>databases</c>.</param>
    public static async Task<WrittenHistory> CreateAsync(Services services, DateTimeOffset now, params string[] settings)
    {
        var container = await services.CreateContainerAsync();
        return new WrittenHistory(container, new FakeTimeProvider(now),
        [
            "ENABLE_HEALTHZ_ENDPOINT=true",
            "DATABASE_HOST=db",
            "Healthz__Checks=databases",
            $"Healthz__History__ConnectionString={(await services.Azurite).ConnectionString}",
            $"Healthz__History__Container={container.Name}",
            .. settings,
        ]);
    }

    /// <summary>Another process on the same history and clock, which has read nothing yet.</summary>
    /// <param name="settings">What it has otherwise.</param>
    public WrittenHistory Again(params string[] settings) => new(Container, Time, [.. _settings, .. settings]);

    /// <summary>The settings of a process on this history that has some otherwise.</summary>
    public IConfiguration With(params string[] settings) => Configuration.Settings.Of([.. _settings, .. settings]);

    public Task<TrendReport> TrendAsync(int days = 30) => Reader.ReadAsync(days, Cancel);

    public Task<HealthzResponse> AnswerAsync(string path, string query = "", CancellationToken? cancellationToken = null) =>
        AnswerAsync(new HealthzRequest("GET", path, query), cancellationToken);

    public Task<HealthzResponse> AnswerAsync(HealthzRequest request, CancellationToken? cancellationToken = null) =>
        _services.GetRequiredService<HealthzSurface>().AnswerAsync(request, cancellationToken ?? Cancel);

    /// <summary>A record of each tick from one moment on and before another.</summary>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The first moment after it.</param>
    /// <param name="checks">What was found at a tick; null where nothing is recorded.</param>
    public IEnumerable<RunRecord> Run(DateTimeOffset from, DateTimeOffset to, Func<DateTimeOffset, IReadOnlyList<CheckRecord>?> checks)
    {
        for (var tick = Options.Schedule.Next(from.AddTicks(-1)); tick < to; tick = Options.Schedule.Next(tick))
        {
            if (checks(tick) is { } found)
            {
                yield return new RunRecord(
                    tick,
                    tick.AddMilliseconds(20),
                    Math.Round(found.Max(check => check.Ms) + 0.5, 2),
                    found.All(check => check.Ok),
                    Late: false,
                    Options.Maintenance.Any(window => window.Contains(tick)),
                    "test",
                    "instance",
                    found);
            }
        }
    }

    /// <summary>Writes what comes after all that was written before.</summary>
    /// <param name="records">Each of a later tick than the one before.</param>
    /// <param name="intoLog">False for rollups and state alone, which is all that is left of a year.</param>
    public async Task WriteAsync(IEnumerable<RunRecord> records, bool intoLog = true)
    {
        var rollups = new List<DayRollup>();
        foreach (var day in records.GroupBy(record => record.Day))
        {
            _rollup = _rollup?.Day == day.Key ? _rollup : new DayRollup { Day = day.Key };
            rollups.Add(_rollup);
            var pending = day.ToList();
            _records.AddRange(pending);
            foreach (var record in pending)
            {
                _rollup.Fold(record, Options.Schedule);
                _engine.Advance(_state, record);
            }

            while (intoLog && pending.Count > 0)
            {
                var block = await RecordLog.AppendAsync(pending, Cancel);
                _state.Position = _rollup.Position = block.End;
                pending.RemoveRange(0, block.Records.Count);
            }
        }

        await Parallel.ForEachAsync(rollups, Cancel, async (rollup, cancellation) =>
            await Documents.WriteAsync(HistoryNames.Rollup(rollup.Day), rollup, HistoryJson.Default.DayRollup, ETag.All, cancellation));
        _state.Sequence++;
        await Documents.WriteAsync(TrendState.BlobName, _state, TrendsJson.Default.TrendState, ETag.All, Cancel);
        await Documents.WriteAsync(LatestRun.BlobName, new LatestRun(_records[^1], _state.Open, _state.Sequence), TrendsJson.Default.LatestRun, ETag.All, Cancel);
    }

    /// <summary>Writes into the log alone, which is all that <c>/healthz/history</c> looks at.</summary>
    public async Task AppendAsync(IEnumerable<RunRecord> records)
    {
        var pending = records.ToList();
        while (pending.Count > 0)
        {
            pending.RemoveRange(0, (await RecordLog.AppendAsync(pending, Cancel)).Records.Count);
        }
    }

    /// <summary>What a blob holds.</summary>
    public async Task<string> ReadAsync(string name) => (await Container.GetBlobBaseClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString();

    /// <summary>Puts something else into a blob.</summary>
    public Task OverwriteAsync(string name, string content) =>
        Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);

    /// <summary>Moves a block blob to where it is listed and not handed out.</summary>
    public Task ArchiveAsync(string name) => Container.GetBlobClient(name).SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancel);

    public Task DeleteAsync(string name) => Container.GetBlobBaseClient(name).DeleteAsync(cancellationToken: Cancel);

    /// <summary>How many bytes all blobs together have whose names start with <paramref name="prefix"/>.</summary>
    public async Task<long> SizeAsync(string prefix) =>
        await Container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, Cancel).Select(blob => blob.Properties.ContentLength ?? 0).SumAsync(Cancel);

    /// <summary>The messages of what is logged at Warning or above.</summary>
    public IReadOnlyList<string> Warnings() =>
        [.. Log.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }
}
