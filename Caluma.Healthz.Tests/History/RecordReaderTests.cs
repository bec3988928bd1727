using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.Tests.History;

/// <summary>Reading a log that several processes have written, on each storage.</summary>
public abstract class RecordReaderTests : StorageTests
{
    [Theory]
    [InlineData("nonsense\n")]
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:59:00Z\"}\n")]
    [InlineData(
        "{\"v\":1,\"tick\":\"yesterday\",\"started\":\"2026-11-22T11:59:00Z\",\"durationMs\":1,\"ok\":true,\"late\":false,"
            + "\"maintenance\":false,"
        + "\"source\":\"a\",\"instance\":\"b\",\"checks\":[]}\n")]
    [InlineData(
        "{\"v\":1,\"tick\":\"2026-11-22T11:59:00Z\",\"started\":\"2026-11-22T11:59:00Z\",\"durationMs\":1,\"ok\":true,\"late\":false,"
        + "\"maintenance\":false,\"source\":\"a\",\"instance\":\"b\",\"checks\":[{\"check\":\"a new one\",\"target\":\"default\","
        + "\"ok\":true,\"ms\":1}]}\n")]
    [InlineData("null\n")]
    [InlineData("\0\0\0\n")]
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:5")] // A torn line, so that the next record follows on the same line.
    [InlineData("{\"v\":1,\"tick\":\"2026-11-22T11:58:00Z\",\"checks\":[{\"v\":{\"v\":")]
    public async Task A_corrupt_line_is_skipped_and_logged_once(string line)
    {
        var log = Log();
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.AppendAsync(Part0, line);
        await log.AppendAsync(Records.Minutes(3).Skip(1), Cancel);

        for (var reading = 0; reading < 3; reading++)
        {
            Assert.Equal(["12:00 one", "12:01 one", "12:02 one"], await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
        }

        var told = Assert.Single(Logger.Collector.GetSnapshot());
        Assert.Equal(("HealthzRecordsUnreadable", LogLevel.Warning), (told.Id.Name, told.Level));
        Assert.Equal($"HealthzRecordsUnreadable lines=1 blob={Part0}", told.Message);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n \t\r\n\n")]
    [InlineData("  ")]
    public async Task An_empty_line_is_not_logged(string lines)
    {
        var log = Log();
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.AppendAsync(Part0, lines);
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);

        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
        Assert.Empty(Logger.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Corrupt_lines_are_counted_for_each_part()
    {
        var log = Log();
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.AppendAsync(Part0, "a\nb\n");
        await Place.BlockAppendsAsync(Part0);
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        await Place.AppendAsync(Part1, "c\n");

        await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel));

        Assert.Equal(
            [$"HealthzRecordsUnreadable lines=2 blob={Part0}", $"HealthzRecordsUnreadable lines=1 blob={Part1}"],
            Logger.Collector.GetSnapshot().Select(record => record.Message));
    }

    [Theory]
    [InlineData('x', true)]
    [InlineData('x', false)]
    [InlineData('{', false)]
    [InlineData('\0', false)]
    public async Task Three_megabytes_of_garbage_on_a_line_do_no_harm(char garbage, bool hasEnd)
    {
        var log = Log();
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.AppendAsync(Part0, new string(garbage, 3_000_000) + (hasEnd ? "\n" : ""));
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(["12:00 one", "12:01 one", "12:02 one"], await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal([$"HealthzRecordsUnreadable lines=1 blob={Part0}"], Logger.Collector.GetSnapshot().Select(record => record.Message));
    }

    /// <remarks>
    /// A reader gives up on a line when a piece of it reaches beyond the maximal length. One of these close lengths must put that point
    /// into the record.
    /// </remarks>
    [Fact]
    public async Task A_record_after_garbage_of_any_length_is_read()
    {
        var log = Log();
        var expected = new List<string>();
        for (var minute = 0; minute < 35; minute++)
        {
            await Place.AppendAsync(Part0, new string('x', (1024 * 1024) - 300 + (minute * 150)));
            await log.AppendAsync([Records.At(Records.Noon.AddMinutes(minute))], Cancel);
            expected.Add($"12:{minute:00} one");
        }

        Assert.Equal(expected, await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_reader_continues_at_the_end_of_any_record_after_further_appends()
    {
        var log = Log();
        await log.AppendAsync(Records.Minutes(2), Cancel);
        await Place.AppendAsync(Part0, "corrupt\n\n{\"v\":1,\"cut");
        await log.AppendAsync(Records.Minutes(3), Cancel); // Two of them are there already.
        await Place.BlockAppendsAsync(Part0);
        await log.AppendAsync(Records.Minutes(4).Skip(2), Cancel); // One of them is there already.
        await log.AppendAsync([Records.At(Records.Noon.AddDays(2))], Cancel);
        DateOnly[] days = [Records.Day, Records.Day.AddDays(1), Records.Day.AddDays(2)];
        string[] expected = ["12:00 one", "12:01 one", "12:02 one", "12:03 one", "12:00 one"];

        var all = await Reader.ReadFromAsync(LogPosition.StartOf(Records.Day), days, Cancel).ToListAsync(Cancel);

        Assert.Equal(expected, all.Select(read => read.Record.Name()));
        Assert.Equal(all.Select(read => read.End).Order(), all.Select(read => read.End));
        await log.AppendAsync([Records.At(Records.Noon.AddDays(2).AddMinutes(1), "late")], Cancel);
        for (var read = 0; read < all.Count; read++)
        {
            // Written into a link and read back.
            var position = LogPosition.Parse($"{all[read].End}")!.Value;
            Assert.Equal(
                [.. expected.Skip(read + 1), "12:01 late"],
                await NamesAsync(Reader.ReadFromAsync(position, days, Cancel).Select(rest => rest.Record)));
        }
    }

    [Fact]
    public async Task A_part_that_cannot_be_read_does_not_hide_other_parts_and_days()
    {
        var log = Log();
        await log.AppendAsync([Records.At(Records.Noon.AddDays(-1))], Cancel);
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.BlockAppendsAsync(Part0);
        await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        await log.AppendAsync([Records.At(Records.Noon.AddDays(1))], Cancel);
        await Place.BlockReadsAsync(Part0);

        for (var reading = 0; reading < 2; reading++)
        {
            var days = Enumerable.Range(-1, 3).Select(Records.Day.AddDays);
            Assert.Equal(
                ["12:00 one", "12:01 one", "12:00 one"],
                await NamesAsync(Reader.ReadRangeAsync(days, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Cancel)));
        }

        var told = Assert.Single(Logger.Collector.GetSnapshot());
        Assert.Equal(("HealthzHistoryUnreadable", LogLevel.Warning), (told.Id.Name, told.Level));
        Assert.EndsWith($" blob={Part0}", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_period_without_a_readable_log_is_an_error()
    {
        await Log().AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.BlockReadsAsync(Part0);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));

        Assert.True(HistoryFailure.IsOfSingleItem(failure));
    }

    [Fact]
    public async Task A_day_without_a_log_has_no_records()
    {
        Assert.Empty(await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));

        await Place.RemoveAsync();
        Assert.Empty(await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
        Assert.Empty(await Reader.DaysAsync(Records.Day.AddYears(-1), Records.Day, Cancel));
        Assert.Empty(await Documents().RollupVersionsAsync(Records.Day.AddYears(-1), Records.Day, Cancel));
        Assert.Null((await Documents().ReadAsync("latest.json", HistoryJson.Default.DayRollup, Cancel)).ETag);
    }

    [Slow]
    public sealed class OnBlobs(Services services) : RecordReaderTests
    {
        private protected override async Task<IStoragePlace> CreatePlaceAsync() => await BlobPlace.CreateAsync(services);
    }

    public sealed class InMemory : RecordReaderTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new MemoryPlace());
    }

    public sealed class InFolder : RecordReaderTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new FolderPlace());
    }
}
