using Caluma.Healthz.Tests.Servers;

namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// The table of rules in docs/testing.md is that of the tests. After a change of tests it is written anew with
/// <c>HEALTHZ_TEST_APPROVE=yes ./dev test --filter-class '*RuleTableTests'</c>.
/// </summary>
public sealed class RuleTableTests
{
    private const string Begin = "<!-- begin of the rules -->\n";
    private const string End = "<!-- end of the rules -->\n";

    private static readonly string _path = Path.Combine(Repository.Root, "docs", "testing.md");

    [Fact]
    public void The_documented_table_is_that_of_the_tests()
    {
        var document = File.ReadAllText(_path);
        var (begin, end) = (document.IndexOf(Begin, StringComparison.Ordinal), document.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && begin < end, "The table has its place in the document.");
        var table = RuleTable.Table();
        if (Environment.GetEnvironmentVariable("HEALTHZ_TEST_APPROVE") is "yes")
        {
            File.WriteAllText(_path, $"{document[..begin]}{Begin}{table}{document[end..]}");
            return;
        }

        Assert.Equal(table, document[(begin + Begin.Length)..end]);
    }

    [Fact]
    public void A_test_names_rules_that_there_are() => Assert.Empty(RuleTable.Named.Except(RuleTable.Rules.Select(rule => rule.Rule)));

    [Fact]
    public void Each_rule_and_query_has_been_seen_to_fire_and_to_resolve() => Assert.Empty(RuleTable.Holes);
}
