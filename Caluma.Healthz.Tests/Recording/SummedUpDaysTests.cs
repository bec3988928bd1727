using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Recording;
using Caluma.Healthz.Tests.History;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Caluma.Healthz.Tests.Recording;

/// <summary>The times at which a recorder sums days up.</summary>
public sealed class SummedUpDaysTests : IAsyncDisposable
{
    private static readonly DateTimeOffset _nextDay = new(Records.Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Records.Noon);
    private readonly FakeLogger<RunJournal> _logger = new();
    private readonly MemoryHistoryStorage _storage = new();
    private readonly DocumentStore _documents;
    private readonly RunJournal _journal;

    public SummedUpDaysTests()
    {
        _documents = new DocumentStore(_storage, new FakeLogger<DocumentStore>());
        var options = new HealthzOptions { History = new HistoryOptions() };
        var reader = new RecordReader(_storage, new FakeLogger<RecordReader>());
        _journal = new RunJournal(_storage, reader, _documents, options, _time, _logger);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task A_day_is_summed_up_with_the_first_run_of_the_next()
    {
        await RecordAsync(Records.Noon);
        Assert.DoesNotContain(_storage.Names, IsSummary);
        await RecordAsync(_nextDay);

        Assert.Equal([HistoryNames.Summary(Records.Day), HistoryNames.RecentSummary], _storage.Names.Where(IsSummary));
        Assert.True(await IsSummedUpAsync());

        _storage.Clear();
        await RecordAsync(_nextDay.AddMinutes(1));
        Assert.DoesNotContain(_storage.Requests, request => IsSummary(request.Blob));
    }

    [Fact]
    public async Task A_run_that_is_written_a_day_late_is_summed_up_too()
    {
        await RecordAsync(Records.Noon);
        await RecordAsync(_nextDay);
        _storage.Fault = request => request.Operation == "appendblock" ? StorageFault.Refuse(503, "ServerBusy") : null;
        await RecordAsync(_nextDay.AddMinutes(-1));
        _storage.Fault = null;
        await RecordAsync(_nextDay.AddMinutes(1));

        Assert.True(await IsSummedUpAsync());
        var document = await _documents.ReadAsync(HistoryNames.Summary(Records.Day), HistoryJson.Default.SummaryDocument, Cancel);
        Assert.Equal(2, Assert.Single(document.Value!.Days).Series[0].Day.Runs);
    }

    /// <remarks>This is no failed record: a trend reads the rollups until then.</remarks>
    [Fact]
    public async Task A_summary_that_could_not_be_written_is_written_with_the_next_run()
    {
        await RecordAsync(Records.Noon);
        _storage.Fault = request =>
            request.Method == "PUT" && IsSummary(request.Blob) ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        await RecordAsync(_nextDay);
        Assert.False(await IsSummedUpAsync());
        Assert.DoesNotContain(_logger.Collector.GetSnapshot(), record => record.Id.Name == "HealthzRecordFailed");

        _storage.Fault = null;
        await RecordAsync(_nextDay.AddMinutes(1));

        Assert.True(await IsSummedUpAsync());
    }

    private static bool IsSummary(string name) => name.StartsWith(HistoryNames.Summaries, StringComparison.Ordinal);

    private async Task RecordAsync(DateTimeOffset tick)
    {
        _time.AdjustTime(tick);
        await _journal.WriteAsync(Records.At(tick), Cancel);
    }

    private async Task<bool> IsSummedUpAsync()
    {
        var version = (await _documents.RollupVersionsAsync(Records.Day, Records.Day, Cancel))[Records.Day];
        var document = await _documents.ReadAsync(HistoryNames.Summary(Records.Day), HistoryJson.Default.SummaryDocument, Cancel);
        return document.Value?.Find(Records.Day, version) is not null;
    }
}
