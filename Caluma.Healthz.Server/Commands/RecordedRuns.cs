using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Caluma.Healthz.Configuration;
using Caluma.Healthz.History;
using Caluma.Healthz.Trends;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Reads runs in the format of <c>/healthz/history</c>, line by line.</summary>
internal static class RecordedRuns
{
    private const int MaxShown = 60;

    /// <summary>More than a run of thousands of targets.</summary>
    private const int MaxLine = 16 << 20;

    /// <summary>Replays all runs of a stream.</summary>
    /// <param name="stream">JSON Lines, which are streamed.</param>
    /// <param name="options">The options to apply.</param>
    /// <param name="error">Gets an error with the line number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where a line is no run.</returns>
    public static async Task<Replay?> ReplayAsync(
        Stream stream, HealthzOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        var replay = new Replay(options);
        var gaps = new Gaps(options.Schedule);
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var number = 0;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (NextLine(ref buffer, result.IsCompleted) is { } line)
            {
                number++;
                if (IsBlank(line, number))
                {
                    continue;
                }

                if (Read(line, number) is not { } run)
                {
                    await error.WriteLineAsync(
                        $"Line {number} must be a recorded run, in JSON as /healthz/history gives it: {Shown(line)}.");
                    return null;
                }

                gaps.Add(run.Tick);
                replay.Take(run);
            }

            if (buffer.Length > MaxLine)
            {
                await error.WriteLineAsync(
                    $"Line {number + 1} is longer than {MaxLine >> 20} MiB; expected JSON Lines as /healthz/history gives them.");
                return null;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                break;
            }
        }

        await reader.CompleteAsync();
        if (gaps.Note is { } note)
        {
            await error.WriteLineAsync(note);
        }

        return replay;
    }

    private static byte[]? NextLine(ref ReadOnlySequence<byte> buffer, bool isLast)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end).ToArray();
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return line;
        }

        if (!isLast || buffer.IsEmpty)
        {
            return null;
        }

        var rest = buffer.ToArray();
        buffer = buffer.Slice(buffer.End);
        return rest;
    }

    private static RunRecord? Read(ReadOnlySpan<byte> line, int number) =>
        RecordLine.Read(WithoutByteOrderMark(line, number), out var intact) is { } run && intact ? run : null;

    private static bool IsBlank(ReadOnlySpan<byte> line, int number) => WithoutByteOrderMark(line, number).Trim(" \t\r"u8).IsEmpty;

    /// <summary>The line without a byte order mark.</summary>
    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> line, int number) =>
        number == 1 && line.StartsWith(Encoding.UTF8.Preamble) ? line[Encoding.UTF8.Preamble.Length..] : line;

    private static string Shown(byte[] line)
    {
        var text = string.Concat(Encoding.UTF8.GetString(line).Trim().Select(sign => char.IsControl(sign) ? ' ' : sign));
        return $"\"{(text.Length > MaxShown ? text[..MaxShown] + "…" : text)}\"";
    }

    /// <summary>Whether the runs were recorded on another schedule than that of the options.</summary>
    private sealed class Gaps(Schedule schedule)
    {
        private readonly Dictionary<TimeSpan, int> _counts = [];
        private DateTimeOffset? _before;

        public string? Note
        {
            get
            {
                var usual = _counts.OrderByDescending(gap => gap.Value).Select(gap => gap.Key).FirstOrDefault();
                return _counts.Values.Sum() < 10 || !schedule.IsEven || usual == schedule.Interval
                    ? null
                    : $"Note: most runs are {usual.TotalSeconds:0} s apart, and a run every {schedule.Interval.TotalSeconds:0} s is "
                        + "expected; see --schedule.";
            }
        }

        public void Add(DateTimeOffset tick)
        {
            if (tick > _before && (_counts.Count < 1000 || _counts.ContainsKey(tick - _before.Value)))
            {
                var gap = tick - _before.Value;
                _counts[gap] = _counts.GetValueOrDefault(gap) + 1;
            }

            _before = tick;
        }
    }
}
