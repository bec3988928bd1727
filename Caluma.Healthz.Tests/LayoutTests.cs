namespace Caluma.Healthz.Tests;

/// <summary>Limits the length of files and lines.</summary>
public sealed class LayoutTests
{
    private const int MaxLines = 300;
    private const int MaxLength = 140;

    private static readonly IReadOnlyList<(string Name, string[] Lines)> _files =
    [
        .. from file in Directory.EnumerateFiles(Repository.Root, "*.cs", SearchOption.AllDirectories)
           let name = Path.GetRelativePath(Repository.Root, file)
           where !name.Split(Path.DirectorySeparatorChar).Any(folder => folder is "bin" or "obj" or "node_modules")
           select (name, File.ReadAllLines(file)),
    ];

    [Fact]
    public void No_file_of_code_is_over_300_lines() => Assert.Empty(
        from file in _files
        where file.Lines.Length > MaxLines
        select $"{file.Name} has {file.Lines.Length} lines");

    [Fact]
    public void No_line_of_code_is_over_140_characters() => Assert.Empty(
        from file in _files
        from line in file.Lines.Select((text, index) => (Text: text, Number: index + 1))
        where line.Text.Length > MaxLength
        select $"{file.Name}:{line.Number} has {line.Text.Length} characters");
}
