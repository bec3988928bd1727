using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Prints a table: with colours on a terminal, plain into a pipe.</summary>
internal static class ConsoleTable
{
    /// <summary>Wide enough for any line that a program reads.</summary>
    private const int PipedWidth = 500;

    /// <summary>The space between two columns.</summary>
    private const int Gap = 2;

    /// <summary>The number of characters on a line.</summary>
    public static int WidthOf(TextWriter output) => Open(output).Profile.Width;

    /// <summary>Prints a row for each item. Where a terminal lacks the space, columns are left out, and named below the table.</summary>
    /// <param name="output">Gets the table.</param>
    /// <param name="items">The items.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="isWide">Whether to print the columns that only wide tables have.</param>
    /// <param name="width">The number of characters on a line; null for that of the output.</param>
    public static void Write<T>(
        TextWriter output, IEnumerable<T> items, IEnumerable<Column<T>> columns, bool isWide = true, int? width = null)
    {
        var console = Open(output, width);
        var options = RenderOptions.Create(console);
        var rows = items.ToList();
        var shown = columns.Where(column => isWide || !column.OnlyWide)
            .Select(column => (Column: column, Cells: rows.ConvertAll(item => column.Cell(item)))).ToList();
        var left = new List<string>();
        while (shown.Sum(column => MinWidth(column.Column, column.Cells, options)) > console.Profile.Width
            && shown.FindLastIndex(column => column.Column.OnlyWide) is >= 0 and var last)
        {
            left.Insert(0, shown[last].Column.Heading);
            shown.RemoveAt(last);
        }

        var table = new Table { Border = TableBorder.None };
        foreach (var (column, _) in shown)
        {
            table.AddColumn(new TableColumn(new Text(column.Heading, Style.Plain))
            {
                Padding = new Padding(0, 0, Gap, 0),
                NoWrap = !column.Wraps,
            });
        }

        for (var row = 0; row < rows.Count; row++)
        {
            table.AddRow(shown.Select(column => column.Cells[row]));
        }

        console.Write(table);
        if (left.Count > 0)
        {
            WriteLine(output, $"Not shown, for want of width: {string.Join(", ", left)}.", width);
        }
    }

    /// <summary>Prints a sentence: on a terminal broken between words, in a pipe as one line.</summary>
    /// <param name="output">Gets the sentence.</param>
    /// <param name="text">The sentence.</param>
    /// <param name="width">The number of characters on a line; null for that of the output.</param>
    public static void WriteLine(TextWriter output, string text, int? width = null)
    {
        if (width is null && !new AnsiConsoleOutput(output).IsTerminal)
        {
            output.WriteLine(text);
            return;
        }

        Open(output, width).WriteLine(text);
    }

    /// <summary>Clears the terminal.</summary>
    /// <returns>False where the output is no terminal.</returns>
    public static bool Clear(TextWriter output)
    {
        if (!new AnsiConsoleOutput(output).IsTerminal)
        {
            return false;
        }

        Open(output).Clear();
        return true;
    }

    /// <summary>Escaped, because names may contain Spectre's markup.</summary>
    public static IRenderable Cell(string text, Color? colour = null) => new Text(text, new Style(colour));

    private static int MinWidth<T>(Column<T> column, List<IRenderable> cells, RenderOptions options)
    {
        var widths = cells.Select(cell => cell.Measure(options, PipedWidth))
            .Select(measured => column.Wraps ? measured.Min : measured.Max);
        return Gap + Math.Max(column.Heading.Length, widths.DefaultIfEmpty().Max());
    }

    private static IAnsiConsole Open(TextWriter output, int? width = null)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (width is null && settings.Out.IsTerminal)
        {
            return AnsiConsole.Create(settings);
        }

        // Decided here, because Spectre colours even files on some build services.
        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = width ?? PipedWidth;
        return console;
    }
}
