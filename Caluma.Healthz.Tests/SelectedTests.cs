using System.Reflection;
using Caluma.Healthz.Tests;
using Xunit.v3;

[assembly: TestFramework(typeof(SelectedTests))]

namespace Caluma.Healthz.Tests;

/// <summary>
/// The test framework of xunit for a program that can pass no arguments: where <see cref="Variable"/> names folders or classes of the
/// tests, the fast ones of these are all that there is. Stryker asks for tests thousands of times, and xunit finds all that there are each
/// time.
/// </summary>
public sealed class SelectedTests : XunitTestFramework
{
    /// <summary>
    /// Folders and classes, with commas between them, such as <c>Checks/Caches,Trends/ChanceTests</c>; folders in the folders count.
    /// </summary>
    public const string Variable = "HEALTHZ_TESTS";

    /// <summary>Whether a class is one of some classes, or in one of some folders, and fast.</summary>
    public static bool Includes(Type type, IEnumerable<string> places)
    {
        var place = $"{type.FullName}.".Replace($"{typeof(SelectedTests).Namespace}.", "", StringComparison.Ordinal)
            .Replace('.', '/').Replace('+', '/');
        return places.Any(wanted => place.StartsWith($"{wanted}/", StringComparison.Ordinal))
            && type.GetCustomAttribute<SlowAttribute>(inherit: true) is null;
    }

    protected override ITestFrameworkDiscoverer CreateDiscoverer(Assembly assembly) =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } places
            ? new Discoverer(new XunitTestAssembly(assembly, configFilePath: null), places.Split(','))
            : base.CreateDiscoverer(assembly);

    private sealed class Discoverer(IXunitTestAssembly assembly, string[] places) : XunitTestFrameworkDiscoverer(assembly)
    {
        protected override Type[] GetExportedTypes() => [.. base.GetExportedTypes().Where(type => Includes(type, places))];
    }
}
