using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>The table for programs, such as one that follows it from commit to commit.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Report report, TextWriter output) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            report.Head,
            Rows = report.Rows.Select(row => new
            {
                row.Name,
                row.Unit,
                Ours = Of(row.Ours),
                row.Against,
                Theirs = row.Theirs is { } theirs ? Of(theirs) : null,
                Ratio = row.Ratio is { } ratio ? Of(ratio) : null,
                Goal = row.Goal?.Text(row.Unit),
                row.IsMet,
            }),
            report.Notes,
        },
        _options));

    private static object Of(Samples samples) => new { samples.Median, samples.Min, samples.Max, Rounds = samples.Values };
}
