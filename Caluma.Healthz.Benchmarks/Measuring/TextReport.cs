using System.Globalization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>The table for people.</summary>
internal static class TextReport
{
    private static readonly string[] _titles = ["", "OURS", "AGAINST", "", "RATIO", "GOAL", ""];

    public static void Write(Report report, TextWriter output)
    {
        var head = report.Head;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time     {head.Time:yyyy-MM-dd HH:mm} UTC"));
        output.WriteLine($"machine  {head.Machine}");
        output.WriteLine($"system   {head.System}, {head.Runtime}");
        output.WriteLine($"commit   {head.Commit}");
        output.WriteLine();

        List<string[]> lines = [_titles, .. report.Rows.Select(Cells)];
        var widths = Enumerable.Range(0, _titles.Length).Select(column => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines)
        {
            output.WriteLine(string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        output.WriteLine();
        output.WriteLine("Medians of the rounds, with the smallest and the largest value; ratios are taken round by round.");
        foreach (var note in report.Notes)
        {
            output.WriteLine(note);
        }
    }

    /// <summary>A value with three significant digits, and no exponent.</summary>
    public static string Number(double value)
    {
        var digits = value == 0 ? 0 : Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 4);
        return value.ToString(value >= 10_000 ? "#,0" : "0." + new string('#', digits), CultureInfo.InvariantCulture).TrimEnd('.');
    }

    private static string[] Cells(Row row) =>
    [
        row.Name,
        Range(row.Ours, row.Unit),
        row.Against ?? "",
        row.Theirs is { } theirs ? Range(theirs, row.Unit) : "",
        row.Ratio is { } ratio ? Range(ratio, "x") : "",
        row.Goal?.Text(row.Unit) ?? "",
        row.IsMet switch { true => "met", false => "missed", null => "" },
    ];

    private static string Range(Samples samples, string unit)
    {
        var median = $"{Number(samples.Median)}{(unit is "x" or "" ? unit : $" {unit}")}";
        return samples.Values.Count == 1 ? median : $"{median} ({Number(samples.Min)} to {Number(samples.Max)})";
    }
}
