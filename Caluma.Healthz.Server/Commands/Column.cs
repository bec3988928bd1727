using Spectre.Console.Rendering;

namespace Caluma.Healthz.Server.Commands;

/// <summary>A column of a <see cref="ConsoleTable"/>.</summary>
/// <param name="Heading">Its heading.</param>
/// <param name="Cell">Makes the cell of an item.</param>
/// <param name="OnlyWide">Whether a table without the space for it leaves it out.</param>
/// <param name="Wraps">Whether its text may go on in a further line. Times, numbers and codes may not.</param>
internal sealed record Column<T>(string Heading, Func<T, IRenderable> Cell, bool OnlyWide = false, bool Wraps = false)
{
    /// <summary>A column of plain text.</summary>
    public Column(string heading, Func<T, string> text, bool onlyWide = false, bool wraps = false)
        : this(heading, item => ConsoleTable.Cell(text(item)), onlyWide, wraps)
    {
    }
}
