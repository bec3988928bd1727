using Caluma.Healthz.History;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.History;

/// <summary>The log of the runs, on each storage.</summary>
public abstract class RecordLogTests : StorageTests
{
    private const int BlockLimit = 2 * 1024 * 1024;

    [Fact]
    public async Task Records_are_read_back_as_they_were_appended()
    {
        var records = new[]
        {
            Records.At(Records.Noon) with { Late = true, Maintenance = true, DurationMs = 12.34 },
            Records.At(Records.Noon.AddMinutes(1), "two \"\n\\ 2", Reason.ReadOnly, targets: 3) with { Source = "timer" },
            Records.At(Records.Noon.AddSeconds(90)),
        };

        var block = await Log().AppendAsync(records, Cancel);

        Assert.Equal(records, block.Records);
        Assert.Equivalent(records, await Reader.ReadDayAsync(Records.Day, Cancel).ToListAsync(Cancel), strict: true);
    }

    [Fact]
    public async Task An_append_returns_the_place_of_its_block()
    {
        var one = await Log().AppendAsync(Records.Minutes(2), Cancel);
        var other = await Log().AppendAsync([Records.At(Records.Noon, "two")], Cancel);

        Assert.Equal(LogPosition.StartOf(Records.Day), one.Start);
        Assert.Equal(one.End, other.Start);
        Assert.Equal(["12:00 two"], await NamesAsync(Reader.ReadBetweenAsync(other.Start, other.End, Cancel)));
        Assert.Equal(["12:00 one", "12:01 one"], await NamesAsync(Reader.ReadBetweenAsync(one.Start, one.End, Cancel)));
        Assert.Empty(await NamesAsync(Reader.ReadBetweenAsync(other.End, other.End, Cancel)));
        Assert.Empty(await NamesAsync(Reader.ReadRestOfDayAsync(other.End, Cancel)));
        Assert.Equal(["12:00 two"], await NamesAsync(Reader.ReadRestOfDayAsync(other.Start, Cancel)));
    }

    [Fact]
    public async Task A_block_has_the_records_of_one_day_only()
    {
        var midnight = Records.Noon.AddHours(12);
        var records = new[] { Records.At(midnight.AddMinutes(-1)), Records.At(midnight), Records.At(midnight.AddMinutes(1)) };
        var log = Log();

        var one = await log.AppendAsync(records, Cancel);
        var other = await log.AppendAsync(records.Skip(1), Cancel);

        Assert.Equal([records[0]], one.Records);
        Assert.Equal(records.Skip(1), other.Records);
        Assert.Equal(["23:59 one", "00:00 one", "00:01 one"], await NamesAsync(Reader.ReadBetweenAsync(one.Start, other.End, Cancel)));
    }

    [Fact]
    public async Task A_block_has_at_most_the_size_that_the_storage_takes()
    {
        var records = Enumerable.Range(0, 100).Select(minute => Records.At(Records.Noon.AddMinutes(minute), targets: 500)).ToList();
        var log = Log();
        var blocks = 0;

        for (var appended = 0; appended < records.Count; blocks++)
        {
            var block = await log.AppendAsync(records.Skip(appended), Cancel);
            Assert.InRange(block.End.Offset - block.Start.Offset, 1, BlockLimit);
            appended += block.Records.Count;
        }

        Assert.InRange(blocks, 2, 5);
        Assert.Equal(records.Select(record => record.Name()), await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
    }

    [Fact]
    public async Task A_reader_gets_the_records_of_other_processes_before_its_own_block()
    {
        var log = Log();
        var mine = await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Log().AppendAsync([Records.At(Records.Noon.AddMinutes(1), "two")], Cancel);
        var now = await log.AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(["12:01 two", "12:02 one"], await NamesAsync(Reader.ReadNewAsync(mine.End, [now], Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(Reader.ReadNewAsync(now.Start, [now], Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(Reader.ReadNewAsync(now.End, [now], Cancel)));
    }

    [Fact]
    public async Task The_first_append_creates_the_container_and_the_log()
    {
        const int writers = 20;
        await Place.RemoveAsync();
        Assert.False(await Place.Open().ExistsAsync(Cancel));

        var blocks = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer =>
            Task.Run(() => Log().AppendAsync([Records.At(Records.Noon, $"{writer}")], Cancel))));

        Assert.True(await Place.Open().ExistsAsync(Cancel));
        Assert.Equal(
            Enumerable.Range(0, writers).Select(writer => $"12:00 {writer}").Order(StringComparer.Ordinal),
            (await NamesAsync(Reader.ReadRestOfDayAsync(LogPosition.StartOf(Records.Day), Cancel))).Order(StringComparer.Ordinal));
        foreach (var block in blocks)
        {
            Assert.Equal(
                block.Records.Select(record => record.Name()), await NamesAsync(Reader.ReadBetweenAsync(block.Start, block.End, Cancel)));
        }
    }

    [Theory]
    [InlineData("blocked")]
    [InlineData("foreign")]
    public async Task A_full_or_broken_log_is_followed_by_the_next_part(string what)
    {
        var log = Log();
        if (what == "foreign")
        {
            await Place.PutForeignLogAsync(Part0);
        }
        else
        {
            await log.AppendAsync([Records.At(Records.Noon)], Cancel);
            await Place.BlockAppendsAsync(Part0);
        }

        var second = await log.AppendAsync([Records.At(Records.Noon.AddMinutes(1))], Cancel);
        var third = await Log().AppendAsync([Records.At(Records.Noon.AddMinutes(2))], Cancel);

        Assert.Equal(new LogPosition(Records.Day, 1, 0), second.Start);
        Assert.Equal(second.End, third.Start);
        string[] before = what == "foreign" ? [] : ["12:00 one"];
        Assert.Equal([.. before, "12:01 one", "12:02 one"], await NamesAsync(Reader.ReadDayAsync(Records.Day, Cancel)));
        Assert.Equal(["12:02 one"], await NamesAsync(Reader.ReadNewAsync(second.End, [third], Cancel)));
        Assert.Equal(
            [.. before, "12:01 one", "12:02 one"],
            await NamesAsync(Reader.ReadNewAsync(LogPosition.StartOf(Records.Day), [third], Cancel)));
    }

    [Fact]
    public async Task A_storage_that_refuses_all_parts_is_an_error()
    {
        var storage = new MemoryHistoryStorage { Fault = _ => StorageFault.Refuse(409, "BlobIsSealed") };

        await Assert.ThrowsAsync<InvalidOperationException>(() => new RecordLog(storage).AppendAsync([Records.At(Records.Noon)], Cancel));

        Assert.Equal(RecordLog.MaxParts, storage.Requests.Count);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public async Task A_block_of_just_two_megabytes_is_one(int more, int records)
    {
        const int Megabyte = 1024 * 1024;
        var empty = RecordLine.Write(Padded(0, 0)).Length;
        var storage = new MemoryHistoryStorage();

        var block = await new RecordLog(storage).AppendAsync(
            [Padded(0, Megabyte - empty), Padded(1, Megabyte - empty + more)], Cancel);

        Assert.Equal(records, block.Records.Count);

        static RunRecord Padded(int minute, int length) =>
            Records.At(Records.Noon.AddMinutes(minute)) with { Source = new string('x', length) };
    }

    [Fact]
    public async Task The_next_day_starts_with_its_first_part()
    {
        var log = Log();
        await Place.BlockAppendsAsync(Part0);
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);

        var block = await log.AppendAsync([Records.At(Records.Noon.AddDays(1))], Cancel);

        Assert.Equal(LogPosition.StartOf(Records.Day.AddDays(1)), block.Start);
    }

    [Fact]
    public async Task The_days_of_a_period_are_found_with_the_size_of_their_logs()
    {
        var (log, documents) = (Log(), Documents());
        foreach (var day in new[] { -400, -327, -326, -1, 0, 1 })
        {
            await log.AppendAsync([Records.At(Records.Noon.AddDays(day))], Cancel);
            var rolledUp = Records.Day.AddDays(day);
            await documents.WriteAsync(HistoryNames.Rollup(rolledUp), RollupOf(rolledUp), HistoryJson.Default.DayRollup, null, Cancel);
        }

        await Place.BlockAppendsAsync(Part0);
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await log.AppendAsync([Records.At(Records.Noon)], Cancel);
        await Place.PutAsync("records/2026/notes.txt", "of people");

        var days = await Reader.DaysAsync(Records.Day.AddDays(-327), Records.Day, Cancel);

        Assert.Equal([new(2025, 12, 30), new(2025, 12, 31), new(2026, 11, 21), Records.Day], days.Keys);
        var line = (await Place.ReadAsync("records/2026/11/21.jsonl")).Length;
        Assert.Equal([line, line, line, 2 * line], days.Values.Select(bytes => Math.Min(bytes, 2 * line)));
        Assert.Equal(days.Keys, (await documents.RollupVersionsAsync(Records.Day.AddDays(-327), Records.Day, Cancel)).Keys);
    }

    [Slow]
    public sealed class OnBlobs(Services services) : RecordLogTests
    {
        private protected override async Task<IStoragePlace> CreatePlaceAsync() => await BlobPlace.CreateAsync(services);
    }

    public sealed class InMemory : RecordLogTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new MemoryPlace());
    }

    public sealed class InFolder : RecordLogTests
    {
        private protected override Task<IStoragePlace> CreatePlaceAsync() => Task.FromResult<IStoragePlace>(new FolderPlace());
    }
}
