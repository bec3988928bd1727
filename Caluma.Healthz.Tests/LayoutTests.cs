using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests;

/// <summary>Files that fit on a screen, and lines that fit beside another window.</summary>
public sealed class LayoutTests
{
    private const int MaxLength = 140;

    [Fact]
    public void No_line_of_code_is_over_140_characters() =>
        Assert.Empty(
            from file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Repository.Root, file)
            where !name.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules")
            from line in File.ReadLines(file).Select((text, index) => (Text: text, Number: index + 1))
            where line.Text.Length > MaxLength
            select $"{name}:{line.Number} has {line.Text.Length} characters");
}
