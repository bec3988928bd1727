using System.Reflection;
using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests;

/// <summary>
/// The tables of docs/testing.md that are made of attributes of the tests. <c>HEALTHZ_TEST_APPROVE=yes</c> writes them anew.
/// </summary>
internal static class TestTable
{
    private static readonly string _path = Path.Combine(Repository.Root, "docs", "testing.md");

    /// <summary>The tests with an attribute, by what it names, in the order of their names.</summary>
    public static ILookup<TName, MethodInfo> TestsBy<TAttribute, TName>(Func<TAttribute, IEnumerable<TName>> names)
        where TAttribute : Attribute => (
        from type in TestSelection.Classes
        where !type.IsNested
        from method in type.GetMethods()
        from attribute in method.GetCustomAttributes<TAttribute>()
        from name in names(attribute)
        orderby type.Name, method.Name
        select (Name: name, Test: method)).Distinct().ToLookup(one => one.Name, one => one.Test);

    /// <summary>A cell in Markdown that links tests.</summary>
    public static string Links(IEnumerable<MethodInfo> tests) => string.Join(' ', tests.Select(LinkTo));

    /// <summary>Fails where the document has another table.</summary>
    /// <param name="name">Its name in the comments around it.</param>
    /// <param name="table">The table, and what stands above it.</param>
    public static void AssertDocumented(string name, string table)
    {
        var (first, last) = ($"<!-- begin of the {name} -->\n", $"<!-- end of the {name} -->\n");
        var document = File.ReadAllText(_path);
        var (begin, end) = (document.IndexOf(first, StringComparison.Ordinal), document.IndexOf(last, StringComparison.Ordinal));
        Assert.True(begin >= 0 && begin < end, "The table has its place in the document.");
        if (Environment.GetEnvironmentVariable("HEALTHZ_TEST_APPROVE") is "yes")
        {
            File.WriteAllText(_path, $"{document[..begin]}{first}{table}{document[end..]}");
            return;
        }

        Assert.Equal(table, document[(begin + first.Length)..end]);
    }

    private static string LinkTo(MethodInfo test, int index)
    {
        var type = test.DeclaringType!;
        var folder = type.Namespace!["Caluma.Healthz.Tests.".Length..].Replace('.', '/');
        var path = $"Caluma.Healthz.Tests/{folder}/{type.Name}.cs";
        Assert.True(File.Exists(Path.Combine(Repository.Root, path)), path);
        return $"[{index + 1}](../{path} \"{type.Name}.{test.Name}\")";
    }
}
