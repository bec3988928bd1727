using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Http;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Caluma.Healthz.Trends;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Trends;

/// <summary>
/// A history in memory, or (<see cref="AzuriteHistory"/>) on a real Azurite, and a clock that the test sets. It is written like that of a
/// recorder, but a day at a time, so that months take a second.
/// </summary>
internal sealed class WrittenHistory : IAsyncDisposable
{
    private readonly FakeLoggerProvider _log = new();
    private readonly List<RunRecord> _records = [];
    private readonly HashSet<string> _archived = [];
    private readonly TrendState _state = new();
    private readonly string[] _settings;
    private readonly AlertEngine _engine;
    private readonly ServiceProvider _services;
    private readonly BlobContainerClient? _container;
    private readonly MemoryHistoryStorage? _memory;
    private DayRollup? _rollup;

    /// <param name="time">The clock.</param>
    /// <param name="container">The container that the settings name; null for a history in memory.</param>
    /// <param name="settings">Settings besides those of a history of the check <c>databases</c>.</param>
    public WrittenHistory(FakeTimeProvider time, BlobContainerClient? container, params string[] settings)
        : this(time, container, container is null ? new MemoryHistoryStorage(time) : null, [
            "ENABLE_HEALTHZ_ENDPOINT=true",
            "DATABASE_HOST=db",
            "Healthz__Checks=databases",
            "Healthz__History__ConnectionString=UseDevelopmentStorage=true",
            .. settings,
        ])
    {
    }

    private WrittenHistory(FakeTimeProvider time, BlobContainerClient? container, MemoryHistoryStorage? memory, string[] settings)
    {
        (Time, _container, _memory, _settings) = (time, container, memory, settings);
        var configuration = HealthzConfiguration.Read(Settings);
        Assert.Empty(configuration.Problems);
        Options = configuration.Options;
        _engine = new AlertEngine(Options);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
            .AddSingleton<TimeProvider>(time)
            .AddHealthz(configuration);
        _services = (memory is null ? services : services.Replace(ServiceDescriptor.Singleton<IHistoryStorage>(memory)))
            .BuildServiceProvider();
    }

    /// <summary>Null for a history in memory.</summary>
    public BlobContainerClient Container => _container ?? throw new InvalidOperationException("A history in memory has no container.");

    public FakeTimeProvider Time { get; }

    public HealthzOptions Options { get; }

    /// <summary>The settings of a process on this history.</summary>
    public IConfiguration Settings => With();

    /// <summary>All written records.</summary>
    public IReadOnlyList<RunRecord> Records => _records;

    public IHistoryStorage Storage => _services.GetRequiredService<IHistoryStorage>();

    private RecordLog RecordLog => field ??= new(Storage);

    private DocumentStore Documents => _services.GetRequiredService<DocumentStore>();

    public TrendReader Reader => _services.GetRequiredService<TrendReader>();

    public FakeLogCollector Log => _log.Collector;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A history in memory.</summary>
    /// <param name="now">What the clock says.</param>
    /// <param name="settings">Settings besides those of a history of the check <c>databases</c>.</param>
    public static WrittenHistory Create(DateTimeOffset now, params string[] settings) =>
        new(new FakeTimeProvider(now), container: null, settings);

    /// <summary>A new process on the same history and clock.</summary>
    /// <param name="settings">Settings that differ.</param>
    public WrittenHistory Again(params string[] settings) => new(Time, _container, _memory, [.. _settings, .. settings]);

    /// <summary>The settings of a process on this history, with some replaced.</summary>
    public IConfiguration With(params string[] settings) => Configuration.Settings.Of([.. _settings, .. settings]);

    public Task<TrendReport> TrendAsync(int days = 30) => Reader.ReadAsync(days, Cancel);

    public Task<HealthzResponse> AnswerAsync(string path, string query = "", CancellationToken? cancellationToken = null) =>
        AnswerAsync(new HealthzRequest("GET", path, query), cancellationToken);

    public Task<HealthzResponse> AnswerAsync(HealthzRequest request, CancellationToken? cancellationToken = null) =>
        _services.GetRequiredService<HealthzSurface>().AnswerAsync(request, cancellationToken ?? Cancel);

    /// <summary>A record for each tick of a period.</summary>
    /// <param name="from">The first moment.</param>
    /// <param name="to">The first moment after the end.</param>
    /// <param name="checks">The results at a tick; null for no record.</param>
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

    /// <summary>Writes further records.</summary>
    /// <param name="records">The records, in the order of their ticks, all later than those before.</param>
    /// <param name="intoLog">False for rollups and state only, like the remains of a year.</param>
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
                _engine.Evaluate(_state, record);
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
        await Documents.WriteAsync(LatestRun.BlobName, LatestRun.Of(_records[^1], _state), TrendsJson.Default.LatestRun, ETag.All, Cancel);
    }

    /// <summary>Writes the summaries, like the first tick of a day.</summary>
    public async Task SumUpAsync()
    {
        var summaries = new SummaryUpdater(Documents);
        summaries.Begin();
        await summaries.UpdateAsync(DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime), Cancel);
    }

    /// <summary>Writes only to the log, for <c>/healthz/history</c>.</summary>
    public async Task AppendAsync(IEnumerable<RunRecord> records)
    {
        var pending = records.ToList();
        while (pending.Count > 0)
        {
            pending.RemoveRange(0, (await RecordLog.AppendAsync(pending, Cancel)).Records.Count);
        }
    }

    /// <summary>The content of a log or document.</summary>
    public async Task<string> ReadAsync(string name) =>
        _memory?.Text(name) ?? (await Container.GetBlobBaseClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString();

    /// <summary>Replaces a document.</summary>
    public async Task OverwriteAsync(string name, string content)
    {
        if (_memory is null)
        {
            await Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, Cancel);
        }

        _memory?.Put(name, content);
    }

    /// <summary>Archives a log or document, so that it is listed but cannot be read.</summary>
    /// <remarks>The answer is Azure's own: https://learn.microsoft.com/rest/api/storageservices/blob-service-error-codes.</remarks>
    public async Task ArchiveAsync(string name)
    {
        _archived.Add(name);
        if (_memory is null)
        {
            await Container.GetBlobClient(name).SetAccessTierAsync(AccessTier.Archive, cancellationToken: Cancel);
            return;
        }

        _memory.Fault = request =>
            request.Method == "GET" && _archived.Contains(request.Blob) ? StorageFault.Refuse(409, "BlobArchived") : null;
    }

    /// <summary>Deletes a log or document.</summary>
    public Task DeleteAsync(string name) => Storage.DeleteAsync(name, Cancel);

    /// <summary>Deletes the history and its container.</summary>
    public async Task RemoveAsync()
    {
        if (_memory is null)
        {
            await Container.DeleteIfExistsAsync(cancellationToken: Cancel);
        }

        _memory?.Remove();
    }

    /// <summary>The total size in bytes of logs and documents whose names start with <paramref name="prefix"/>.</summary>
    public async Task<long> SizeAsync(string prefix) =>
        await Storage.ListAsync(prefix, Cancel).Select(item => item.Length).SumAsync(Cancel);

    /// <summary>The log messages at Warning or above.</summary>
    public IReadOnlyList<string> Warnings() =>
        [.. Log.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message)];

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _log.Dispose();
    }
}
