using System.Text.Json;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>A change of the code that no test noticed.</summary>
/// <param name="File">The path of the file, from the library on.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Original">The code, shortened to a line.</param>
/// <param name="Replacement">What it was replaced by, shortened to a line.</param>
internal sealed record MutationSurvivor(string File, int Line, string Original, string Replacement)
{
    private const string Library = "Caluma.Healthz/";
    private const int MaxLength = 100;

    /// <summary>Reads a mutant of a report.</summary>
    public static MutationSurvivor Read(string file, string[] lines, JsonElement mutant)
    {
        var location = mutant.GetProperty("location");
        var (start, end) = (Position(location.GetProperty("start")), Position(location.GetProperty("end")));
        var code = string.Join('\n', lines[(start.Line - 1)..end.Line]);
        code = code[(start.Column - 1)..(code.Length - (lines[end.Line - 1].Length - (end.Column - 1)))];
        var at = file.LastIndexOf(Library, StringComparison.Ordinal);
        return new MutationSurvivor(
            at < 0 ? file : file[(at + Library.Length)..],
            start.Line,
            Shorten(code),
            Shorten(mutant.TryGetProperty("replacement", out var replacement) ? replacement.GetString() ?? "" : ""));
    }

    private static (int Line, int Column) Position(JsonElement position) =>
        (position.GetProperty("line").GetInt32(), position.GetProperty("column").GetInt32());

    private static string Shorten(string code)
    {
        var line = string.Join(' ', code.Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxLength ? line : $"{line[..MaxLength]}...";
    }
}
