using Azure;
using Caluma.Healthz.History;
using Microsoft.Extensions.Logging.Testing;

namespace Caluma.Healthz.Tests.History;

/// <summary>Which parts of the log are read from which place on. <see cref="RecordReaderTests"/> are about their content.</summary>
public sealed class RecordReaderRequestTests
{
    private const string Part0 = StorageTests.Part0;
    private const string Part1 = StorageTests.Part1;

    private readonly MemoryHistoryStorage _storage = new();
    private readonly FakeLogger<RecordReader> _log = new();
    private readonly RecordReader _reader;

    public RecordReaderRequestTests()
    {
        _reader = new RecordReader(_storage, _log);
        _storage.Append(Part0, Line(0) + Line(1));
        _storage.Append(Part1, Line(2));
        _storage.Append(HistoryNames.Log(Tomorrow, 0), Line(24 * 60));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateOnly Tomorrow => Records.Day.AddDays(1);

    [Fact]
    public async Task From_a_later_part_on_the_next_day_is_read_from_its_first_part() => Assert.Equal(
        ["22 12:02", "23 12:00"],
        await TicksAsync(_reader.ReadBetweenAsync(new(Records.Day, 1, 0), new(Tomorrow, RecordLog.MaxParts, 0), Cancel)));

    [Fact]
    public async Task Up_to_a_first_part_all_parts_of_the_day_before_are_read() => Assert.Equal(
        ["22 12:00", "22 12:01", "22 12:02"],
        await TicksAsync(_reader.ReadBetweenAsync(LogPosition.StartOf(Records.Day), LogPosition.StartOf(Tomorrow), Cancel)));

    [Fact]
    public async Task Where_there_is_nothing_to_read_nothing_is_asked_for()
    {
        var place = new LogPosition(Records.Day, 0, 10);

        Assert.Empty(await TicksAsync(_reader.ReadBetweenAsync(place, place, Cancel)));
        Assert.Empty(_storage.Requests);
    }

    [Fact]
    public async Task A_part_that_got_records_after_the_next_one_was_read_is_read_again()
    {
        var own = Line(3);
        var start = new LogPosition(Records.Day, 0, _storage.Text(Part0).Length);
        var block = new AppendedBlock(start, start with { Offset = start.Offset + own.Length }, [Records.At(Records.Noon.AddMinutes(3))]);

        Assert.Equal(
            ["22 12:00", "22 12:01", "22 12:03"], await TicksAsync(_reader.ReadNewAsync(new(Records.Day, 1, 0), [block], Cancel)));
    }

    [Fact]
    public async Task A_block_of_the_next_day_is_read_from_where_the_day_before_was_left()
    {
        var start = LogPosition.StartOf(Tomorrow);
        var block = new AppendedBlock(start, start with { Offset = 100 }, [Records.At(Records.Noon.AddDays(1))]);
        var end = new LogPosition(Records.Day, 1, _storage.Text(Part1).Length);

        Assert.Equal(["23 12:00"], await TicksAsync(_reader.ReadNewAsync(end, [block], Cancel)));
    }

    [Fact]
    public async Task A_range_has_its_first_tick_and_not_its_last() => Assert.Equal(
        ["22 12:01"],
        await TicksAsync(_reader.ReadRangeAsync([Records.Day, Tomorrow], Records.Noon.AddMinutes(1), Records.Noon.AddMinutes(2), Cancel)));

    [Fact]
    public async Task A_last_line_without_a_line_break_is_read()
    {
        _storage.Append(Part1, Line(3).TrimEnd('\n'));

        Assert.Equal("22 12:03", (await TicksAsync(_reader.ReadDayAsync(Records.Day, Cancel)))[^1]);
    }

    [Fact]
    public async Task A_part_that_is_refused_is_skipped_by_a_page_and_not_by_a_fold()
    {
        _storage.Fault = request => request.Blob == Part0 ? StorageFault.Refuse(403, "AuthorizationFailure") : null;
        var unreadable = new HashSet<DateOnly>();
        DateOnly[] days = [Records.Day, Tomorrow];

        await Assert.ThrowsAsync<RequestFailedException>(() => TicksAsync(_reader.ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(
            ["22 12:02", "23 12:00"],
            await TicksAsync(_reader.ReadRangeAsync(days, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel, unreadable)));
        Assert.Equal([Records.Day], unreadable);
    }

    [Fact]
    public async Task A_storage_that_is_away_is_an_error_for_a_page_too()
    {
        _storage.Fault = _ => StorageFault.Refuse(503, "ServerBusy");

        await Assert.ThrowsAsync<RequestFailedException>(() => TicksAsync(_reader.ReadRangeAsync(
            [Records.Day], DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel, new HashSet<DateOnly>())));
    }

    [Fact]
    public async Task A_part_that_is_archived_is_logged_once()
    {
        _storage.Fault = request => request.Blob == Part0 ? StorageFault.Refuse(409, "BlobArchived") : null;

        for (var reading = 0; reading < 2; reading++)
        {
            Assert.Equal(
                ["22 12:02"],
                await TicksAsync(_reader.ReadBetweenAsync(LogPosition.StartOf(Records.Day), LogPosition.StartOf(Tomorrow), Cancel)));
        }

        Assert.Equal("HealthzHistoryUnreadable", Assert.Single(_log.Collector.GetSnapshot()).Id.Name);
    }

    private static string Line(int minute) => RecordFormat.JsonLines.Text(Records.At(Records.Noon.AddMinutes(minute)));

    private static async Task<IReadOnlyList<string>> TicksAsync(IAsyncEnumerable<RunRecord> records) =>
        [.. (await records.ToListAsync(Cancel)).Select(record => record.Tick.ToString("dd HH:mm", null))];
}
