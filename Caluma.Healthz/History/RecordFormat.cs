using System.Globalization;
using System.Text;

namespace Caluma.Healthz.History;

/// <summary>The format in which records are exported.</summary>
internal sealed class RecordFormat
{
    private readonly string _name;
    private readonly Func<RunRecord, string> _text;

    private RecordFormat(string name, string mediaType, string heading, Func<RunRecord, string> text)
    {
        _name = name;
        MediaType = mediaType;
        Heading = heading;
        _text = text;
    }

    /// <summary>A line for each run, as in the log.</summary>
    public static RecordFormat JsonLines { get; } = new("jsonl", "application/x-ndjson", "", record =>
        Encoding.UTF8.GetString(RecordLine.Write(record)));

    /// <summary>A row for each check and target of each run: https://www.rfc-editor.org/rfc/rfc4180.</summary>
    public static RecordFormat Csv { get; } = new(
        "csv",
        "text/csv; charset=utf-8",
        "tick,started,durationMs,late,maintenance,source,instance,check,target,ok,ms,reason\r\n",
        record => string.Concat(record.Checks.Select(check => Row(record, check))));

    public static IReadOnlyList<RecordFormat> All { get; } = [JsonLines, Csv];

    public string MediaType { get; }

    /// <summary>The text before the first record.</summary>
    public string Heading { get; }

    /// <summary>The format with a name; null where the name is unknown.</summary>
    public static RecordFormat? Find(string name) => All.FirstOrDefault(format => format._name == name);

    /// <summary>The name of the format.</summary>
    public override string ToString() => _name;

    /// <summary>Formats a record.</summary>
    public string Text(RunRecord record) => _text(record);

    /// <summary>Writes a stream of records and keeps only a few of them in memory.</summary>
    public async Task WriteAsync(IAsyncEnumerable<RunRecord> records, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(Heading.AsMemory(), cancellationToken);
        await foreach (var record in records.WithCancellation(cancellationToken))
        {
            await output.WriteAsync(Text(record).AsMemory(), cancellationToken);
        }

        await output.FlushAsync(cancellationToken);
    }

    private static string Row(RunRecord record, CheckRecord check) => string.Create(
        CultureInfo.InvariantCulture,
        $"{UtcJsonConverter.Format(record.Tick)},{UtcJsonConverter.Format(record.Started)},{record.DurationMs},{Flag(record.Late)},"
            + $"{Flag(record.Maintenance)},{Quote(record.Source)},{Quote(record.Instance)},{check.Check.Key()},{Quote(check.Target)},"
            + $"{Flag(check.Ok)},{check.Ms},{check.Reason?.Code()}\r\n");

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
