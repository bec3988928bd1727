using System.Reflection;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Server.Commands;
using Xunit.v3;

namespace Caluma.Healthz.Tests;

/// <summary>
/// Finds the slow tests that a change may touch: those in the folder that mirrors a changed file's, those beside or above it, and those
/// that use a type of a changed file, directly or through other types. Uses through <see cref="HealthzServices"/> and the front doors do
/// not count, because nearly every test uses nearly everything through them.
/// </summary>
internal static class TestSelection
{
    /// <summary>The argument that makes the test program print <see cref="LeftOut"/> of the changed files that it reads.</summary>
    public const string Command = "untouched";

    private const string Project = "Caluma.Healthz";
    private const string Tests = $"{Project}.Tests";

    /// <summary>The tests of files that are no code, by the beginning of the path. Any other file may touch every test.</summary>
    private static readonly (string Path, string? Folder)[] _folders =
    [
        ("infra/", "Infra"),
        ("docs/", "Infra"),
        ("eng/kql/", "Infra"),
        ("Dockerfile", "Infra"),
        ("azure.yaml", "Infra"),
        ("dev", "Dev"),
        ("eng/axe/", "Pages"),
        ("eng/Cost.cs", "Eng"),
        ("eng/cost.json", "Eng"),
        (".github/", "GitHub"),
        ("README.md", "Infra"),
        ("CHANGELOG.md", "Infra"),
        ("CONTRIBUTING.md", null),
        ("SECURITY.md", null),
        ("LICENSE", null),
        ("eng/README.md", null),
        ("eng/KnownReleases.cs", "Eng"),
        ("eng/releases.json", "Eng"),
    ];

    private static readonly Lazy<TypeUses> _uses = new(() =>
        new TypeUses(
            typeof(TestSelection).Assembly,
            typeof(Deadline).Assembly,
            typeof(Workspace).Assembly,
            typeof(HealthzServices).Assembly,
            typeof(HealthzCommandLine).Assembly));

    /// <summary>All test classes.</summary>
    public static IReadOnlyList<Type> Classes { get; } =
    [
        .. typeof(TestSelection).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false }
            && type.GetMethods().Any(method => method.GetCustomAttributes().OfType<IFactAttribute>().Any())),
    ];

    /// <summary>The slow classes that a change does not touch.</summary>
    /// <param name="changed">Paths relative to the repository.</param>
    public static IReadOnlyList<string> LeftOut(IReadOnlyCollection<string> changed)
    {
        var folders = changed.Select(FolderOf).ToHashSet();
        var types = changed.Where(IsCode).Select(file => file[..^".cs".Length].Replace('/', '.')).ToHashSet();
        var users = _uses.Value.WaysTo(type => types.Contains(type.Split('+', '`')[0]), leadsOn: type => !PutsThemTogether(type));
        return
        [
            .. from type in Classes
               where type.GetCustomAttribute<SlowAttribute>() is not null
               where !folders.Any(folder => folder is not null && IsNear(type, folder)) && !users.ContainsKey(type.FullName!)
               orderby type.FullName
               select type.FullName,
        ];
    }

    /// <summary>The folder of a file's tests: "" for all of them, null for none.</summary>
    private static string? FolderOf(string file)
    {
        if (file.StartsWith(Project, StringComparison.Ordinal)
            && !file.EndsWith("proj", StringComparison.Ordinal) && file.Contains('/', StringComparison.Ordinal))
        {
            // Caluma.Healthz/Checks/Reason.cs has its tests in Checks, Caluma.Healthz.Server/Serving/FunctionKeys.cs in Server/Serving.
            // Files of the root folder, and types that tests share, count by their users.
            var (project, path) = (
                file[..file.IndexOf('/', StringComparison.Ordinal)], file[(file.IndexOf('/', StringComparison.Ordinal) + 1)..]);
            var folder = project is Project or Tests ? Path.GetDirectoryName(path)!
                : Path.Combine(project[(Project.Length + 1)..], Path.GetDirectoryName(path)!);
            return folder.Length == 0 || (project == Tests && IsCode(file)) ? null : folder;
        }

        var (start, at) = _folders.FirstOrDefault(folder => file.StartsWith(folder.Path, StringComparison.Ordinal));
        return start is null ? "" : at;
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
