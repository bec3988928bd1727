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

    private const string Expected = "must be a recorded run, in JSON as /healthz/history gives it";

    /// <summary>Replays all runs of a stream.</summary>
    /// <param name="stream">JSON Lines, which are streamed.</param>
    /// <param name="options">The options to apply.</param>
    /// <param name="error">Gets an error with the line number.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null where a line is no run, or far from its place in the order of time.</returns>
    public static async Task<Replay?> ReplayAsync(
        Stream stream, HealthzOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        var replay = new Replay(options);
        var (gaps, order) = (new RunIntervals(options.Schedule), new RunOrder());
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        var number = 0;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (NextLine(ref buffer, result.IsCompleted, out var isTorn) is { } read)
            {
                var line = ++number == 1 && read.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? read[Encoding.UTF8.Preamble.Length..] : read;
                if (line.AsSpan().Trim(" \t\r"u8).IsEmpty)
                {
                    continue;
                }

                if (RecordLine.Read(line, out var isIntact) is { } run && isIntact)
                {
                    order.Add(run);
                }
                else if (isTorn && number > 1 && line.AsSpan().TrimStart(" \t"u8).StartsWith("{"u8))
                {
                    await error.WriteLineAsync($"Note: line {number}, the last one, is cut off, and left out.");
                    continue;
                }
                else
                {
                    await error.WriteLineAsync($"Line {number} {Expected}: {Excerpt(line)}.");
                    return null;
                }

                if (order.IsBroken)
                {
                    await error.WriteLineAsync(
                        $"Line {number} must be in the order of time, and comes more than {RunOrder.MaxHeld} runs too late: "
                        + "sort the lines first, such as with sort.");
                    return null;
                }

                Take(order.Next(RunOrder.MaxHeld));
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
        Take(order.Next(0));
        foreach (var note in (string?[])[order.Note, gaps.Note, replay.Records == 0 ? "Note: there is no run in it." : null])
        {
            if (note is not null)
            {
                await error.WriteLineAsync(note);
            }
        }

        return replay;

        void Take(IEnumerable<RunRecord> runs)
        {
            foreach (var run in runs)
            {
                gaps.Add(run.Tick);
                replay.Add(run);
            }
        }
    }

    private static byte[]? NextLine(ref ReadOnlySequence<byte> buffer, bool isLast, out bool isTorn)
    {
        isTorn = false;
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

        isTorn = true;
        var rest = buffer.ToArray();
        buffer = buffer.Slice(buffer.End);
        return rest;
    }

    private static string Excerpt(byte[] line)
    {
        var text = string.Concat(Encoding.UTF8.GetString(line).Trim().Select(sign => char.IsControl(sign) ? ' ' : sign));
        return $"\"{(text.Length > MaxShown ? text[..MaxShown] + "…" : text)}\"";
    }
}
