using System.Text.Json;

namespace Caluma.Healthz.History;

/// <summary>A record as a line of the log.</summary>
internal static class RecordLine
{
    private static readonly byte[] _start = [.. "{\"v\":"u8];

    /// <summary>The line, with its end.</summary>
    public static byte[] Write(RunRecord record) => [.. JsonSerializer.SerializeToUtf8Bytes(record, HistoryJson.Default.RunRecord), (byte)'\n'];

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
