using System.Buffers;
using System.Text;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Http;

/// <summary>One answer's part of the history.</summary>
/// <param name="Text">The records. All pages in a row are the whole history.</param>
/// <param name="Next">The start of the next page; null for the last page.</param>
/// <param name="Unreadable">The days with records that cannot be read.</param>
internal sealed record HistoryPage(ReadOnlyMemory<byte> Text, LogPosition? Next, IReadOnlyCollection<DateOnly> Unreadable)
{
    /// <summary>
    /// More than a day of one run a minute on ten targets. The Functions worker and host hold several copies of an answer: 30 MB took 130
    /// MB of the worker, and an instance has 512 MB.
    /// </summary>
    public const int MaxBytes = 4_000_000;

    /// <summary>
    /// Limits the part of the log that is read for a page: a filter may drop most of it, and an answer must take seconds at
    /// most.
    /// </summary>
    public const int MaxBytesRead = 48_000_000;

    /// <param name="reader">Reads the records.</param>
    /// <param name="days">The days that have records.</param>
    /// <param name="query">The query.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
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
