using System.Reflection;
using Caluma.Healthz.Benchmarks.Alerts;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Server.Commands;
using Xunit.v3;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Finds the slow tests that a change may touch: those in the folder that mirrors a changed file's, those beside or above it, and those
/// that use a type of a changed file, directly or through other types. A file that is no code counts as a change of the types that name
/// it. Uses through <see cref="HealthzServices"/> and the front doors do not count, because nearly every test uses nearly everything
/// through them.
/// </summary>
internal static class TestSelection
{
    /// <summary>
    /// The argument that makes the test program read the changed files and print the slow classes, each after <c>touched</c> or
    /// <c>untouched</c>.
    /// </summary>
    public const string Command = "touched";

    private const string Project = "Caluma.Healthz";
    private const string Tests = $"{Project}.Tests";

    /// <summary>What is built and run by rules of its own: all tests.</summary>
    private static readonly string[] _all = ["proj", ".props", ".targets", ".slnx", "global.json", "xunit.runner.json"];

    /// <summary>What no test runs, and at most one reads that names it: the ends of paths.</summary>
    private static readonly string[] _prose = [".md", ".png", ".svg", "LICENSE", ".gitignore", ".gitattributes", ".yml"];

    private static readonly Lazy<PathMentions> _mentions = new();

    private static readonly Lazy<TypeUses> _uses = new(() =>
        new TypeUses(
            typeof(TestSelection).Assembly,
            typeof(Deadline).Assembly,
            typeof(Workspace).Assembly,
            typeof(HealthzServices).Assembly,
            typeof(HealthzCommandLine).Assembly,
            typeof(Profiles).Assembly));

    /// <summary>All test classes.</summary>
    public static IReadOnlyList<Type> Classes { get; } =
    [
        .. typeof(TestSelection).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }
            && type.GetMethods().Any(method => method.GetCustomAttributes().OfType<IFactAttribute>().Any())),
    ];

    /// <summary>The slow classes, and whether a change touches them.</summary>
    /// <param name="changed">Paths relative to the repository.</param>
    public static IReadOnlyDictionary<string, bool> Touched(IReadOnlyCollection<string> changed)
    {
        var folders = changed.Select(FolderOf).OfType<string>().ToHashSet();
        var types = changed.SelectMany(TypesOf).ToHashSet();
        var users = _uses.Value.WaysTo(type => types.Contains(type.Split('+', '`')[0]), leadsOn: type => !PutsThemTogether(type));
        return Classes.Where(type => type.GetCustomAttribute<SlowAttribute>() is not null).ToDictionary(
            type => type.FullName!, type => folders.Any(folder => IsNear(type, folder)) || users.ContainsKey(type.FullName!));
    }

    /// <summary>The slow classes that a change does not touch.</summary>
    public static IReadOnlyList<string> LeftOut(IReadOnlyCollection<string> changed) =>
        [.. Touched(changed).Where(type => !type.Value).Select(type => type.Key).Order(StringComparer.Ordinal)];

    /// <summary>The type that a file of code declares, and those that read any other file.</summary>
    private static IEnumerable<string> TypesOf(string file) =>
        IsCode(file) ? [PathMentions.TypeOf(file)] : _mentions.Value.Of(file);

    /// <summary>The folder of the tests for a file: "" for all of them, null for none.</summary>
    private static string? FolderOf(string file)
    {
        if (EndsWithAny(_all))
        {
            return "";
        }

        if (!file.StartsWith(Project, StringComparison.Ordinal) || !file.Contains('/', StringComparison.Ordinal))
        {
            return EndsWithAny(_prose) || IsNamed() ? null : "";
        }

        // Caluma.Healthz/Checks/Reason.cs has its tests in Checks, Caluma.Healthz.Server/Serving/FunctionKeys.cs in Server/Serving.
        // What is in the root folder is known by its users, as are the types that tests share.
        var (project, path) = (
            file[..file.IndexOf('/', StringComparison.Ordinal)], file[(file.IndexOf('/', StringComparison.Ordinal) + 1)..]);
        var folder = project is Project or Tests ? Path.GetDirectoryName(path)!
            : Path.Combine(project[(Project.Length + 1)..], Path.GetDirectoryName(path)!);
        return folder.Length == 0 || (project == Tests && (IsCode(file) || IsNamed())) ? null : folder;

        bool IsNamed() => _mentions.Value.Of(file).Any();

        bool EndsWithAny(string[] ends) => Array.Exists(ends, end => file.EndsWith(end, StringComparison.Ordinal));
    }

    private static bool IsCode(string file) =>
        file.StartsWith(Project, StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Whether a class is in a folder, or in one below or above it.</summary>
    private static bool IsNear(Type type, string folder)
    {
        var own = $"{type.Namespace![Tests.Length..].TrimStart('.').Replace('.', '/')}/";
        return $"{folder}/".StartsWith(own.TrimStart('/'), StringComparison.Ordinal)
            || folder.Length == 0 || own.StartsWith($"{folder}/", StringComparison.Ordinal);
    }

    private static bool PutsThemTogether(string type) =>
        type.StartsWith($"{Project}.{nameof(HealthzServices)}", StringComparison.Ordinal)
        || type.StartsWith($"{Project}.HealthChecks.", StringComparison.Ordinal)
        || type.StartsWith($"{Project}.Server.", StringComparison.Ordinal);
}
