using System.Text.Json;

namespace Caluma.Healthz.History;

/// <summary>A record as a line of the log.</summary>
internal static class RecordLine
{
    private static readonly byte[] _start = [.. "{\"v\":"u8];

    /// <summary>The line, with its end.</summary>
    public static byte[] Write(RunRecord record) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(record, HistoryJson.Default.RunRecord), (byte)'\n'];

    /// <param name="line">The line, without its end.</param>
    /// <param name="intact">False where a part of it had to be left out, or all of it.</param>
    /// <returns>Null where there is no record in it, as in an empty one.</returns>
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

        // A line that was cut off lacks its end too, so that the next record stands behind it on the same line.
        intact = false;
        var next = line.LastIndexOf(_start);
        return next > 0 ? TryRead(line[next..]) : null;
    }

    /// <summary>Where in a line whose end is still to come a record may begin that ends with it.</summary>
    public static int LastStart(ReadOnlySpan<byte> line)
    {
        var last = line.LastIndexOf(_start);

        // Its first bytes may be the last ones here. One that begins the line is too long to be a record.
        return last > 0 ? last : line.Length - _start.Length + 1;
    }

    private static RunRecord? TryRead(ReadOnlySpan<byte> line)
    {
        try
        {
            var record = JsonSerializer.Deserialize(line, HistoryJson.Default.RunRecord);

            // The reader refuses a member that is null, but not an element.
            return record?.Checks.Contains(null!) == true ? null : record;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
