namespace Caluma.Healthz.Tests.Infra.Rules;

/// <summary>
/// The table of rules in docs/testing.md is that of the tests. After a change of tests it is written anew with
/// <c>HEALTHZ_TEST_APPROVE=yes ./dev test --filter-class '*RuleTableTests'</c>.
/// </summary>
public sealed class RuleTableTests
{
    [Fact]
    public void The_documented_table_is_that_of_the_tests() => TestTable.AssertDocumented("rules", RuleTable.Table());

    [Fact]
    public void A_test_names_rules_that_there_are() => Assert.Empty(RuleTable.Named.Except(RuleTable.Rules.Select(rule => rule.Rule)));

    [Fact]
    public void Each_rule_and_query_has_been_seen_to_fire_and_to_resolve() => Assert.Empty(RuleTable.Holes);
}
