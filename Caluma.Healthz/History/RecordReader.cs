using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;

namespace Caluma.Healthz.History;

/// <summary>
/// Reads the log of the runs. Lines that are no records are skipped, and so are parts that the storage refuses, such as archived ones; both
/// are logged once.
/// </summary>
internal sealed class RecordReader(IHistoryStorage storage, ILogger<RecordReader> logger)
{
    /// <summary>A record of 1,000 targets has 100 KB.</summary>
    private const int MaxLine = 1024 * 1024;

    private readonly ConcurrentDictionary<string, bool> _toldUnreadable = [];

    /// <summary>
    /// The size of each day's log in bytes, for the days from <paramref name="from"/> to <paramref name="to"/> that have one.
    /// </summary>
    public async Task<SortedDictionary<DateOnly, long>> DaysAsync(DateOnly from, DateOnly to, CancellationToken cancellationToken)
    {
        var days = new SortedDictionary<DateOnly, long>();
        await foreach (var (day, item) in HistoryNames.DaysAsync(storage, HistoryNames.Records, from, to, cancellationToken))
        {
            days[day] = days.GetValueOrDefault(day) + item.Length;
        }

        return days;
    }

    /// <summary>All records between two places of the log, in order. A record that was appended twice is there twice.</summary>
    public async IAsyncEnumerable<RunRecord> ReadBetweenAsync(
        LogPosition from, LogPosition to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcome = new ReadOutcome();
        await foreach (var read in ReadAsync(from, to, outcome, cancellationToken))
        {
            yield return read.Record;
        }

        LogUnreadable(outcome);
    }

    /// <summary>
    /// All records from <paramref name="position"/> to the end of its day. A record that was appended twice is there
    /// twice.
    /// </summary>
    public IAsyncEnumerable<RunRecord> ReadRestOfDayAsync(LogPosition position, CancellationToken cancellationToken) =>
        ReadBetweenAsync(position, EndOf(position.Day), cancellationToken);

    /// <summary>The records from <paramref name="position"/> to the end of the block that was just appended.</summary>
    public async IAsyncEnumerable<RunRecord> ReadNewAsync(
        LogPosition position, IReadOnlyList<AppendedBlock> appended, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var block in appended)
        {
            // A part that refused appends for a while may have got records after the next part was read.
            var from = position.Day == block.Start.Day
                && position.Part > block.Start.Part ? position with { Part = block.Start.Part, Offset = 0 } : position;
            if (from < block.Start)
            {
                await foreach (var record in ReadBetweenAsync(from, block.Start, cancellationToken))
                {
                    yield return record;
                }
            }

            foreach (var record in block.Records)
            {
                yield return record;
            }

            position = block.End;
        }
    }

    /// <summary>All records of a day, without duplicates.</summary>
    /// <inheritdoc cref="ReadFromAsync"/>
    public IAsyncEnumerable<RunRecord> ReadDayAsync(DateOnly day, CancellationToken cancellationToken) =>
        ReadFromAsync(LogPosition.StartOf(day), [day], cancellationToken).Select(read => read.Record);

    /// <summary>All records of these days whose tick is in a range, without duplicates.</summary>
    /// <inheritdoc cref="ReadFromAsync"/>
    public IAsyncEnumerable<RunRecord> ReadRangeAsync(
        IEnumerable<DateOnly> days, DateTimeOffset from, DateTimeOffset to,
        CancellationToken cancellationToken, ISet<DateOnly>? unreadable = null) =>
        ReadFromAsync(LogPosition.StartOf(DateOnly.MinValue), days, cancellationToken, unreadable)
            .Select(read => read.Record)
            .Where(record => record.Tick >= from && record.Tick < to);

    /// <summary>
    /// The records after a place in the log, without duplicates of records before it. A reader can stop at any record and continue at its
    /// end later, whatever was appended meanwhile.
    /// </summary>
    /// <param name="position">The place to start at.</param>
    /// <param name="days">The days to read, in order. Days before <paramref name="position"/> are skipped.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <param name="unreadable"> Gets the days whose log cannot be read in full. With this list, a log that is refused (403) or breaks off
    /// is skipped. That suits pages and exports; a fold must pass null, because it would never read the missing records.
    /// </param>
    /// <exception cref="Exception">These days have logs, and none of them can be read.</exception>
    public async IAsyncEnumerable<ReadRecord> ReadFromAsync(
        LogPosition position,
        IEnumerable<DateOnly> days,
        [EnumeratorCancellation] CancellationToken cancellationToken,
        ISet<DateOnly>? unreadable = null)
    {
        var outcome = new ReadOutcome(unreadable);
        foreach (var day in days.Where(day => day >= position.Day))
        {
            var (start, begin) = (LogPosition.StartOf(day), day == position.Day ? position : LogPosition.StartOf(day));
            var seen = new TickSet();
            if (start < begin)
            {
                await foreach (var record in ReadBetweenAsync(start, begin, cancellationToken))
                {
                    seen.Add(record);
                }
            }

            await foreach (var read in ReadAsync(begin, EndOf(day), outcome, cancellationToken))
            {
                if (read.Record.Day == day && seen.Add(read.Record))
                {
                    yield return read;
                }
            }
        }

        if (outcome is { IsAnyRead: false, Refusals: [var (_, refusal), ..] })
        {
            ExceptionDispatchInfo.Throw(refusal);
        }

        LogUnreadable(outcome);
    }

    private static LogPosition EndOf(DateOnly day) => new(day, RecordLog.MaxParts, 0);

    private async IAsyncEnumerable<ReadRecord> ReadAsync(
        LogPosition from, LogPosition to, ReadOutcome outcome, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = from.Day; day <= to.Day; day = day.AddDays(1))
        {
            for (var part = day == from.Day ? from.Part : 0; day < to.Day || part <= to.Part; part++)
            {
                var here = new LogPosition(day, part, 0);
                var start = here < from ? from : here;
                var end = (day, part) == (to.Day, to.Part) ? to.Offset : (long?)null;
                var name = HistoryNames.Log(day, part);
                await using var content = await OpenAsync(name, start.Offset, end, outcome, cancellationToken);
                if (content is null)
                {
                    break;
                }

                await foreach (var read in ReadLinesAsync(content, name, start, outcome, cancellationToken))
                {
                    yield return read;
                }
            }
        }
    }

    /// <summary>The bytes of a part of the log; null where the part does not exist.</summary>
    private async Task<Stream?> OpenAsync(string name, long start, long? end, ReadOutcome outcome, CancellationToken cancellationToken)
    {
        if (start >= end)
        {
            return Stream.Null;
        }

        try
        {
            var content = await storage.OpenAsync(name, start, end, cancellationToken);
            outcome.IsAnyRead |= content is not null;
            return content;
        }
        catch (Exception exception)
            when (HistoryFailure.IsOfSingleItem(exception) || (outcome.IsLenient && HistoryFailure.IsRefusal(exception)))
        {
            outcome.Refuse(name, exception);
            return Stream.Null;
        }
    }

    private async IAsyncEnumerable<ReadRecord> ReadLinesAsync(
        Stream content,
        string name,
        LogPosition position,
        ReadOutcome outcome,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var unreadable = 0;
        var isWhole = true;
        var reader = PipeReader.Create(content);
        for (var ended = false; !ended;)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(cancellationToken);
            }
            catch (Exception exception)
                when (outcome.IsLenient && HistoryFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
            {
                outcome.Refuse(name, exception);
                break;
            }

            var buffer = read.Buffer;
            ended = read.IsCompleted;
            for (var before = buffer.Length; NextLine(ref buffer, ended, out var isEnd) is { } line; before = buffer.Length)
            {
                position = position with { Offset = position.Offset + before - buffer.Length };
                var record = RecordLine.Read(line.IsSingleSegment ? line.FirstSpan : line.ToArray(), out var intact);
                unreadable += intact || !isWhole ? 0 : 1;
                isWhole = isEnd;
                if (record is not null)
                {
                    yield return new ReadRecord(record, position);
                }
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }

        await reader.CompleteAsync();
        if (unreadable > 0 && _toldUnreadable.TryAdd(name, true))
        {
            HistoryLog.LinesUnreadable(logger, unreadable, name);
        }
    }

    /// <summary>
    /// Takes the next line off a buffer; at the end of the log also a line without a line break, and of an overlong line the bytes that
    /// cannot hold a record.
    /// </summary>
    private static ReadOnlySequence<byte>? NextLine(ref ReadOnlySequence<byte> buffer, bool ended, out bool isEnd)
    {
        var end = buffer.PositionOf((byte)'\n');
        isEnd = end is not null || ended;
        if (end is { } found)
        {
            var line = buffer.Slice(0, found);
            buffer = buffer.Slice(buffer.GetPosition(1, found));
            return line;
        }

        if (buffer.IsEmpty || (!ended && buffer.Length < MaxLine))
        {
            return null;
        }

        var rest = buffer.Slice(0, ended ? buffer.Length : RecordLine.LastStart(buffer.ToArray()));
        buffer = buffer.Slice(rest.End);
        return rest;
    }

    private void LogUnreadable(ReadOutcome outcome)
    {
        foreach (var (name, refusal) in outcome.Refusals.Where(refusal => _toldUnreadable.TryAdd(refusal.Name, true)))
        {
            HistoryLog.ItemUnreadable(logger, HistoryFailure.ReasonFor(refusal).Code(), name);
        }
    }

    /// <summary>The outcome of reading several parts of the log.</summary>
    /// <param name="unreadable">Gets the days whose log cannot be read; null where all days must be read.</param>
    private sealed class ReadOutcome(ISet<DateOnly>? unreadable = null)
    {
        public bool IsLenient => unreadable is not null;

        public bool IsAnyRead { get; set; }

        public List<(string Name, Exception Refusal)> Refusals { get; } = [];

        public void Refuse(string name, Exception refusal)
        {
            Refusals.Add((name, refusal));
            unreadable?.Add(HistoryNames.DayOf(name, HistoryNames.Records)!.Value);
        }
    }
}
