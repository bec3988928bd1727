using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary>A table for people: with colours on a terminal, plain where it is piped.</summary>
internal static class ConsoleTable
{
    /// <summary>Wide enough not to wrap a line that a program reads.</summary>
    private const int PipedWidth = 500;

    /// <summary>How many characters fit on a line.</summary>
    public static int WidthOf(TextWriter output) => Open(output).Profile.Width;

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<IRenderable>> rows)
    {
        var console = Open(output);
        var table = new Table { Border = TableBorder.None };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(new Text(heading, Style.Plain)) { Padding = new Padding(0, 0, 2, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow(row);
        }

        console.Write(table);
    }

    /// <summary>Empties a terminal.</summary>
    /// <returns>Whether it is one.</returns>
    public static bool Clear(TextWriter output)
    {
        if (!new AnsiConsoleOutput(output).IsTerminal)
        {
            return false;
        }

        Open(output).Clear();
        return true;
    }

    /// <summary>Text as it is: names may hold what Spectre reads as markup.</summary>
    public static IRenderable Cell(string text, Color? colour = null) => new Text(text, new Style(colour));

    private static IAnsiConsole Open(TextWriter output)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (settings.Out.IsTerminal)
        {
            return AnsiConsole.Create(settings);
        }

        // Not left to Spectre: on the machines of some build services it colours files, too.
        settings.Ansi = AnsiSupport.No;
        settings.ColorSystem = ColorSystemSupport.NoColors;
        var console = AnsiConsole.Create(settings);
        console.Profile.Width = PipedWidth;
        return console;
    }
}
