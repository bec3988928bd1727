using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary>Prints a table: with colours on a terminal, plain into a pipe.</summary>
internal static class ConsoleTable
{
    /// <summary>Wide enough for any line that a program reads.</summary>
    private const int PipedWidth = 500;

    /// <summary>The number of characters on a line.</summary>
    public static int WidthOf(TextWriter output) => Open(output).Profile.Width;

    /// <summary>Prints a row for each item.</summary>
    public static void Write<T>(TextWriter output, IEnumerable<T> items, IEnumerable<Column<T>> columns, bool isWide = true)
    {
        var shown = columns.Where(column => isWide || !column.OnlyWide).ToList();
        var table = new Table { Border = TableBorder.None };
        foreach (var column in shown)
        {
            table.AddColumn(new TableColumn(new Text(column.Heading, Style.Plain)) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var item in items)
        {
            table.AddRow(shown.Select(column => column.Cell(item)));
        }

        Open(output).Write(table);
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

    private static IAnsiConsole Open(TextWriter output)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (settings.Out.IsTerminal)
        {
            return AnsiConsole.Create(settings);
        }

        // Decided here, because Spectre colours even files on some build services.
        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = PipedWidth;
        return console;
    }
}
