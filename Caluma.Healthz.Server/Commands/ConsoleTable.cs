using Spectre.Console;
using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary>A table for people: with colours on a terminal, plain where it is piped.</summary>
internal static class ConsoleTable
{
    /// <summary>Wide enough not to wrap a line that a program reads.</summary>
    private const int PipedWidth = 500;

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<IRenderable>> rows)
    {
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (!settings.Out.IsTerminal)
        {
            // Not left to Spectre: on the machines of some build services it colours files, too.
            settings.Ansi = AnsiSupport.No;
            settings.ColorSystem = ColorSystemSupport.NoColors;
        }

        var console = AnsiConsole.Create(settings);
        if (!settings.Out.IsTerminal)
        {
            console.Profile.Width = PipedWidth;
        }

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
        var settings = new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) };
        if (!settings.Out.IsTerminal)
        {
            return false;
        }

        AnsiConsole.Create(settings).Clear();
        return true;
    }

    /// <summary>Text as it is: names may hold what Spectre reads as markup.</summary>
    public static IRenderable Cell(string text, Color? colour = null) => new Text(text, new Style(colour));
}
