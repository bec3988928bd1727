using System.Text.Json;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra;

/// <summary>The Dockerfile, as far as ours goes: no line goes on in the next one, and no command needs a shell.</summary>
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

    /// <summary>How the program is built: copies and commands, in their order.</summary>
    public static IEnumerable<(string Name, string Arguments)> Build => _instructions.Take(_imageAt);

    /// <summary>What an instruction says of the image that remains.</summary>
    public static string Image(string instruction) => _instructions.Skip(_imageAt).Single(found => found.Name == instruction).Arguments;

    /// <summary>The same, where it is a list.</summary>
    public static string[] ImageList(string instruction) => JsonSerializer.Deserialize<string[]>(Image(instruction))!;

    /// <summary>What the build copies, and where to; <c>/</c> at the end of what is a folder.</summary>
    public static (string[] From, string To) Copied(string arguments) =>
        Regex.Split(arguments, " +") is [.. var sources, var target] ? (sources, target) : throw new InvalidDataException(arguments);
}
