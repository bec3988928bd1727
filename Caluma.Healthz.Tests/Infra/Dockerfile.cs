using System.Text.Json;
using System.Text.RegularExpressions;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>Reads the Dockerfile of this repository: it has no continued lines, and its commands need no shell.</summary>
internal static class Dockerfile
{
    private static readonly IReadOnlyList<(string Name, string Arguments)> _instructions =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "Dockerfile"))
            .Where(line => line.Length > 0 && !line.StartsWith('#'))
            .Select(line => line.Split(' ', 2))
            .Select(parts => (parts[0], parts[1])),
    ];

    private static readonly int _imageAt = _instructions.ToList().FindLastIndex(instruction => instruction.Name == "FROM");

    /// <summary>The copies and commands of the build, in order.</summary>
    public static IEnumerable<(string Name, string Arguments)> Build => _instructions.Take(_imageAt);

    /// <summary>The argument of an instruction of the final image.</summary>
    public static string Image(string instruction) => _instructions.Skip(_imageAt).Single(found => found.Name == instruction).Arguments;

    /// <summary>The argument of such an instruction as a list.</summary>
    public static string[] ImageList(string instruction) => JsonSerializer.Deserialize<string[]>(Image(instruction))!;

    /// <summary>The sources and targets of copies; folders end with <c>/</c>.</summary>
    public static (string[] From, string To) Copied(string arguments) =>
        Regex.Split(arguments, " +") is [.. var sources, var target] ? (sources, target) : throw new InvalidDataException(arguments);
}
