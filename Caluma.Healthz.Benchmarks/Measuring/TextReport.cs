using System.Globalization;

namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>The table for people: each row is written when it is measured, for the whole takes minutes.</summary>
internal sealed class TextReport(TextWriter output) : IReport
{
    private static readonly string[] _titles = ["", "OURS", "AGAINST", "", "RATIO", "GOAL", ""];

    /// <summary>What the cells need. Those of rows to come are not known; one that needs more gets it.</summary>
    private static readonly int[] _widths = [55, 26, 36, 26, 24, 9, 0];

    public void Begin(Head head)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time     {head.Time:yyyy-MM-dd HH:mm} UTC"));
        output.WriteLine($"machine  {head.Machine}");
        output.WriteLine($"system   {head.System}, {head.Runtime}");
        output.WriteLine($"commit   {head.Commit}");
        output.WriteLine();

        WriteLine(_titles);
    }

    public void Add(Row row) => WriteLine(Cells(row));

    public void End(IReadOnlyList<string> notes)
    {
        output.WriteLine();
        output.WriteLine("Medians of the rounds, with the smallest and the largest value; ratios are taken round by round.");
        foreach (var note in notes)
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

    private void WriteLine(string[] cells) =>
        output.WriteLine(string.Join("  ", cells.Select((cell, column) => cell.PadRight(_widths[column]))).TrimEnd());

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
