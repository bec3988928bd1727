using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>The table for programs, such as one that follows it from commit to commit.</summary>
internal sealed class JsonReport(TextWriter output) : IReport
{
    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Row> _rows = [];
    private Head? _head;

    public void Begin(Head head) => _head = head;

    public void Add(Row row) => _rows.Add(row);

    public void End(IReadOnlyList<string> notes) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            Head = _head,
            Rows = _rows.Select(row => new
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
            Notes = notes,
        },
        _options));

    private static object Of(Samples samples) => new { samples.Median, samples.Min, samples.Max, Rounds = samples.Values };
}
