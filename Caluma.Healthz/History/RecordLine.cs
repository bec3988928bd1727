using System.Text.Json;

namespace Caluma.Healthz.History;

/// <summary>Reads and writes a record as a line of the log.</summary>
internal static class RecordLine
{
    private static readonly byte[] _start = [.. "{\"v\":"u8];

    /// <summary>Writes the line with its line break.</summary>
    public static byte[] Write(RunRecord record) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(record, HistoryJson.Default.RunRecord), (byte)'\n'];

    /// <param name="line">The line, without its line break.</param>
    /// <param name="intact">False where a part of it had to be left out, or all of it.</param>
    /// <returns>Null where the line has no record, such as an empty one.</returns>
    public static RunRecord? Read(ReadOnlySpan<byte> line, out bool intact)
    {
        intact = true;
        if (line.Trim(" \t\r"u8).IsEmpty)
        {
            return null;
        }

        if (TryRead(line) is { } record)
        {
            return record;
        }

        // A torn line has no line break either, so the next record follows on the same line.
        intact = false;
        var next = line.LastIndexOf(_start);
        return next > 0 ? TryRead(line[next..]) : null;
    }

    /// <summary>The first byte of an unfinished line at which a record may begin that ends with the line.</summary>
    public static int LastStart(ReadOnlySpan<byte> line)
    {
        var last = line.LastIndexOf(_start);

        // The last bytes may be the beginning of a record. A record that began at the start of the line would be too long.
        return last > 0 ? last : line.Length - _start.Length + 1;
    }

    private static RunRecord? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            var record = JsonSerializer.Deserialize(line, HistoryJson.Default.RunRecord);

            // The JSON reader refuses a null member, but accepts a null element.
            return record?.Checks.Contains(null!) == true ? null : record;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
