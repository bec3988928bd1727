using System.Buffers;
using System.Text;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Http;

/// <summary>As much of the history as one answer holds.</summary>
/// <param name="Text">The records. The pages of a history, one behind the other, are the whole of it.</param>
/// <param name="Next">Where the next page begins; null where this is the last one.</param>
/// <param name="Unreadable">The days of which something was recorded that cannot be read.</param>
internal sealed record HistoryPage(ReadOnlyMemory<byte> Text, LogPosition? Next, IReadOnlyCollection<DateOnly> Unreadable)
{
    /// <summary>
    /// A day of runs a minute on ten targets is less. The Functions worker holds an answer several times over, and the host does too: 30 MB
    /// took 130 MB of the worker, and an instance has 512 MB.
    /// </summary>
    public const int MaxBytes = 4_000_000;

    /// <summary>How much of the log is read for a page: a filter may leave little, and an answer is to be out within seconds.</summary>
    public const int MaxBytesRead = 48_000_000;

    /// <param name="reader">Reads the records.</param>
    /// <param name="days">The days that have any.</param>
    /// <param name="query">What was asked for.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<HistoryPage> ReadAsync(
        RecordReader reader, IEnumerable<DateOnly> days, HistoryQuery query, CancellationToken cancellationToken)
    {
        var text = new ArrayBufferWriter<byte>();
        if (query.After is null)
        {
            Encoding.UTF8.GetBytes(query.Format.Heading, text);
        }

        var position = query.After ?? LogPosition.StartOf(query.FirstDay);
        var (read, unreadable) = (0L, new SortedSet<DateOnly>());
        await foreach (var (record, end) in reader.ReadFromAsync(position, days, cancellationToken, unreadable))
        {
            if (text.WrittenCount >= MaxBytes || read >= MaxBytesRead)
            {
                return new HistoryPage(text.WrittenMemory, position, unreadable);
            }

            if (record.Tick >= query.From && record.Tick < query.To && query.Filter.Apply(record) is { } wanted)
            {
                Encoding.UTF8.GetBytes(query.Format.Text(wanted), text);
            }

            read += end.Offset - (end.Day == position.Day && end.Part == position.Part ? position.Offset : 0);
            position = end;
        }

        return new HistoryPage(text.WrittenMemory, null, unreadable);
    }
}
