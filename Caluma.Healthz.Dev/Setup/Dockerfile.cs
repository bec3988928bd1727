using System.IO.Enumeration;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Caluma.Healthz.Dev.Setup;

/// <summary>Reads the Dockerfile of this repository: it has no continued lines, and its commands need no shell.</summary>
/// <param name="root">Its folder.</param>
internal sealed class Dockerfile(string root)
{
    private const string Anywhere = "**/";

    private readonly List<(string Name, string Arguments)> _instructions =
    [
        .. File.ReadAllLines(Path.Combine(root, "Dockerfile"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1])),
    ];

    /// <summary>How the program is built: copies and commands, in their order.</summary>
    public IEnumerable<(string Name, string Arguments)> Build => _instructions.Take(ImageAt);

    private readonly List<string> _ignored =
    [
        .. File.ReadAllLines(Path.Combine(root, ".dockerignore")).Where(line => line.StartsWith(Anywhere, StringComparison.Ordinal))
            .Select(line => line[Anywhere.Length..].TrimEnd('/')),
    ];

    private int ImageAt => _instructions.FindLastIndex(instruction => instruction.Name == "FROM");

    /// <summary>Whether .dockerignore keeps a file or folder back, wherever it is.</summary>
    public bool Ignores(string path) =>
        _ignored.Exists(pattern => FileSystemName.MatchesSimpleExpression(pattern, Path.GetFileName(path), ignoreCase: false));

    /// <summary>The argument of an instruction of the final image.</summary>
    public string Image(string instruction) => _instructions.Skip(ImageAt).Single(found => found.Name == instruction).Arguments;

    /// <summary>The argument of such an instruction as a list.</summary>
    public string[] ImageList(string instruction) => JsonSerializer.Deserialize<string[]>(Image(instruction))!;

    /// <summary>What the build copies, and where to; <c>/</c> at the end of what is a folder.</summary>
    public static (string[] From, string To) Copied(string arguments) =>
        Regex.Split(arguments, " +") is [.. var sources, var target] ? (sources, target) : throw new InvalidDataException(arguments);
}
