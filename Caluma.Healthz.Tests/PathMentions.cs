using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests;

/// <summary>Which types name which files of the repository in their code, or a folder that these are in: so they read them.</summary>
internal sealed partial class PathMentions
{
    private readonly ILookup<string, string> _types = (
        from project in Directory.EnumerateDirectories(Repository.Root, "Caluma.Healthz*")
        from file in Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        let name = Path.GetRelativePath(Repository.Root, file)
        where !name.Split('/').Any(folder => folder is "bin" or "obj") && !name.Contains(nameof(TestSelection), StringComparison.Ordinal)
        from path in PathsIn(File.ReadAllText(file)).Distinct()
        select (Path: path, Type: TypeOf(name))).ToLookup(mention => mention.Path, mention => mention.Type);

    /// <summary>The type of a file, such as <c>Caluma.Healthz.Checks.CheckSet</c>; a part of one may be in a file with more dots.</summary>
    /// <param name="file">Relative to the repository.</param>
    public static string TypeOf(string file)
    {
        var name = Path.GetFileName(file);
        return $"{file[..^name.Length]}{name.Split('.')[0]}".Replace('/', '.');
    }

    /// <summary>The full names of the types that name a file, or a folder that it is in.</summary>
    /// <param name="file">Relative to the repository; it need not be there any more.</param>
    public IEnumerable<string> Of(string file)
    {
        var folder = Path.GetDirectoryName(file)!;
        return _types.Where(mention => IsOf(mention.Key)).SelectMany(mention => mention).Distinct();

        bool IsOf(string path) =>
            file == path
            || file.StartsWith($"{path}/", StringComparison.Ordinal)
            || file.EndsWith($"/{path}", StringComparison.Ordinal)

            // What npm has installed beside the package.json that says what to install.
            || (folder.Contains('/', StringComparison.Ordinal) && path.StartsWith($"{folder}/", StringComparison.Ordinal));
    }

    /// <summary>All strings without a blank; those that follow each other with a comma between them are the parts of one path.</summary>
    private static IEnumerable<string> PathsIn(string code) =>
        from match in Literals().Matches(code)
        let path = Between().Replace(match.Value.Trim('"'), "/")

        // The name of a project alone is that of an assembly, a meter, a namespace.
        where path.Length > 2 && (path.Contains('/', StringComparison.Ordinal) || !path.StartsWith("Caluma.", StringComparison.Ordinal))
        select path;

    [GeneratedRegex("""
        "[A-Za-z0-9._/-]+"(, "[A-Za-z0-9._/-]+")*
        """)]
    private static partial Regex Literals();

    [GeneratedRegex("""
        ", "
        """)]
    private static partial Regex Between();
}
