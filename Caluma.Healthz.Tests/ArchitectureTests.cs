using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Server.Commands;

namespace Caluma.Healthz.Tests;

/// <summary>Enforces docs/architecture.md.</summary>
public sealed partial class ArchitectureTests
{
    private const string Library = "Caluma.Healthz";

    /// <summary>The front door inside the library, for ASP.NET Core applications.</summary>
    private const string FrontDoor = "HealthChecks";

    /// <summary>
    /// The layers from top to bottom; the last one is the root folder, which all share. A layer may use only those below
    /// it.
    /// </summary>
    private static readonly string[] _layers =
    [
        FrontDoor, "Http", "Pages", "Recording", "Notifications", "Trends", "History", "Runs", "Checks", "Configuration", "Migrations", "",
    ];

    private static readonly string[] _projects =
        [Library, $"{Library}.Dev", $"{Library}.Functions", $"{Library}.Server", $"{Library}.Servers"];

    private static readonly System.Reflection.Assembly _library = typeof(HealthzServices).Assembly;

    private static readonly Lazy<IReadOnlyList<IType>> _types = new(() =>
        [.. new ArchLoader().LoadAssembly(_library).Build()
            .Types.Where(type => type.Namespace.FullName.Split('.') is ["Caluma", "Healthz", ..])]);

    [Fact]
    public void Every_type_is_in_a_layer() => Assert.Empty(_types.Value.Where(type => LayerOf(type) < 0).Select(type => type.FullName));

    [Fact]
    public void No_layer_uses_one_above_it() =>
        Assert.Empty(
            from type in _types.Value
            where !PutsThemTogether(type)
            from used in type.Dependencies.Select(dependency => dependency.Target).Distinct()
            where _types.Value.Contains(used)
                && (LayerOf(used) < LayerOf(type) || (PutsThemTogether(used) && _layers[LayerOf(type)] != FrontDoor))
            select $"{type.FullName} uses {used.FullName}");

    [Fact]
    public void The_library_knows_no_web_framework_and_no_Functions() =>
        Assert.DoesNotContain(
            _library.GetReferencedAssemblies().Select(reference => reference.Name!),
            name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                || name.StartsWith("Microsoft.Azure", StringComparison.Ordinal)
                || (name.StartsWith("System.Web", StringComparison.Ordinal) && name is not "System.Web.HttpUtility"));

    [Fact]
    public void Every_class_is_sealed_static_or_abstract() =>
        Assert.Empty(
            from assembly in new[] { _library, typeof(HealthzCommandLine).Assembly, typeof(Workspace).Assembly, typeof(Deadline).Assembly }
            from type in assembly.GetTypes()
            where type is { IsClass: true, IsSealed: false, IsAbstract: false, Namespace: not null }
                && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
            select type.FullName);

    [Fact]
    public void Every_type_is_in_a_file_of_its_name() =>
        Assert.Empty(
            from project in _projects
            from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, project), "*.cs", SearchOption.AllDirectories)
            where !file.Contains("/obj/", StringComparison.Ordinal)
            from declaration in TypeDeclaration().Matches(File.ReadAllText(file))
            where declaration.Groups["name"].Value != Path.GetFileNameWithoutExtension(file)
            select $"{file} declares {declaration.Groups["name"].Value}");

    private static int LayerOf(IType type) => Array.IndexOf(_layers, type.Namespace.FullName.Split('.').ElementAtOrDefault(2) ?? "");

    /// <summary><see cref="HealthzServices"/> may use all layers, and only front doors may use it.</summary>
    private static bool PutsThemTogether(IType type) =>
        type.FullName.StartsWith($"{Library}.{nameof(HealthzServices)}", StringComparison.Ordinal);

    // Types that are not nested stand at the beginning of a line.
    [GeneratedRegex(
        @"^(public|internal|file)\b.*\b(class|struct|interface|enum|record( class| struct)?) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
