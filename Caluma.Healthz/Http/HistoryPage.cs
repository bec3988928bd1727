using System.Buffers;
using System.Text;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Http;

/// <summary>As much of the history as one answer holds.</summary>
/// <param name="Text">The records. The pages of a history, one behind the other, are the whole of it.</param>
/// <param name="Next">Where the next page begins; null where this is the last one.</param>
internal sealed record HistoryPage(ReadOnlyMemory<byte> Text, LogPosition? Next)
{
    /// <summary>
    /// A day of runs a minute on ten targets is less. The Functions worker holds an answer several times over, and the host does too: 30 MB
    /// took 130 MB of the worker, and an instance has 512 MB.
    /// </summary>
    public const int MaxBytes = 4_000_000;

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
        await foreach (var (record, end) in reader.ReadFromAsync(position, days, cancellationToken))
        {
            if (record.Tick >= query.From && record.Tick < query.To)
            {
                if (text.WrittenCount >= MaxBytes)
                {
                    return new HistoryPage(text.WrittenMemory, position);
                }

                Encoding.UTF8.GetBytes(query.Format.Text(record), text);
            }

            position = end;
        }

        return new HistoryPage(text.WrittenMemory, null);
    }
}
