using System.Reflection;
using System.Text.RegularExpressions;
using Caluma.Healthz.Tests.Servers;
using Xunit.v3;

namespace Caluma.Healthz.Tests;

/// <summary>The threat model in SECURITY.md: each row names the tests that hold it, and those exist.</summary>
public sealed partial class SecurityDocumentTests
{
    private static readonly IReadOnlyList<string> _rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "SECURITY.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)),
    ];

    private static readonly ILookup<string, Type> _classes = TestSelection.Classes
        .SelectMany(WithBases).Distinct().ToLookup(type => type.Name);

    [Fact]
    public void Each_row_names_a_test() => Assert.Equal(
        "", string.Join('\n', _rows.Where(row => !row.EndsWith("| held by |", StringComparison.Ordinal) && !NamedTest().IsMatch(row))));

    [Fact]
    public void Each_test_that_is_named_exists()
    {
        var named = _rows.SelectMany(row => NamedTest().Matches(row)).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.Equal("", string.Join('\n', named.Where(name => !Exists(name.Trim('`')))));
    }

    /// <summary>A class and those it inherits tests from.</summary>
    private static IEnumerable<Type> WithBases(Type type)
    {
        for (var next = type; next is not null; next = next.BaseType)
        {
            yield return next;
        }
    }

    private static bool Exists(string name) => name.Split('.') is [var type, var method]
        && _classes[type].SelectMany(found => found.GetMethods()).Any(found =>
            found.Name == method && found.GetCustomAttributes().Any(attribute => attribute is IFactAttribute));

    [GeneratedRegex(@"`\w+Tests\.\w+`")]
    private static partial Regex NamedTest();
}
