namespace Caluma.Healthz.History;

/// <summary>
/// Appends to the log of the runs: <c>records/yyyy/MM/dd.jsonl</c>, a line for each run. When a part is full, the day continues in
/// <c>dd.1.jsonl</c>.
/// </summary>
internal sealed class RecordLog(IHistoryStorage storage)
{
    /// <summary>A bound for a storage that refuses every append; more than any day needs (a part takes 50,000 blocks).</summary>
    public const int MaxParts = 100;

    private const int MaxBlockSize = 2 * 1024 * 1024;

    /// <summary>The part of a day that took the last append.</summary>
    private (DateOnly Day, int Part) _current;

    /// <summary>Appends records to the log of their day, in one block.</summary>
    /// <param name="records">The records. The first ones are appended: those of one day, as many as fit into a block.</param>
    /// <param name="cancellationToken">Cancels the operation. After this or any other exception the records may have been appended or
    /// not.</param>
    public async Task<AppendedBlock> AppendAsync(IEnumerable<RunRecord> records, CancellationToken cancellationToken)
    {
        var (block, lines) = Block(records);
        var day = block[0].Day;
        for (var part = _current.Day == day ? _current.Part : 0; part < MaxParts; part++)
        {
            if (await storage.AppendAsync(HistoryNames.Log(day, part), lines, cancellationToken) is { } offset)
            {
                _current = (day, part);
                return new AppendedBlock(new LogPosition(day, part, offset), new LogPosition(day, part, offset + lines.Length), block);
            }
        }

        throw new InvalidOperationException("Every part of the log refuses to be appended to.");
    }

    private static (List<RunRecord> Records, byte[] Lines) Block(IEnumerable<RunRecord> records)
    {
        var (block, lines) = (new List<RunRecord>(), new List<byte>());
        foreach (var record in records)
        {
            var line = RecordLine.Write(record);
            if (block.Count > 0 && (record.Day != block[0].Day || lines.Count + line.Length > MaxBlockSize))
            {
                break;
            }

            block.Add(record);
            lines.AddRange(line);
        }

        return (block, [.. lines]);
    }
}
