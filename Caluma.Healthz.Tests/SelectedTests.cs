using System.Reflection;
using Caluma.Healthz.Tests;
using Xunit.v3;

[assembly: TestFramework(typeof(SelectedTests))]

namespace Caluma.Healthz.Tests;

/// <summary>
/// The test framework of xunit for a program that can pass no arguments: where <see cref="Variable"/> names folders of the tests, their
/// fast classes are all that there is. Stryker asks for tests thousands of times, and xunit finds all that there are each time.
/// </summary>
public sealed class SelectedTests : XunitTestFramework
{
    /// <summary>The folders, with commas between them, such as <c>Checks/Caches,Trends</c>; folders in them count.</summary>
    public const string Variable = "HEALTHZ_TEST_FOLDERS";

    /// <summary>Whether a class is in one of some folders, and fast.</summary>
    public static bool Includes(Type type, IEnumerable<string> folders)
    {
        var folder = $"{type.Namespace}.".Replace($"{typeof(SelectedTests).Namespace}.", "", StringComparison.Ordinal).Replace('.', '/');
        return folders.Any(wanted => folder.StartsWith($"{wanted}/", StringComparison.Ordinal))
            && type.GetCustomAttribute<SlowAttribute>(inherit: true) is null;
    }

    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folders
            ? new Discoverer(new XunitTestAssembly(assembly, configFilePath: null), folders.Split(','))
            : base.CreateDiscoverer(assembly);

    private sealed class Discoverer(IXunitTestAssembly assembly, string[] folders) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override Type[] GetExportedTypes() => [.. base.GetExportedTypes().Where(type => Includes(type, folders))];
    }
}
