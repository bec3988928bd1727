using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class MutationReportTests
{
    private const string Code = "class A\n{\n    bool B(int c) =>\n        c > 1\n        && c < 9;\n}\n";

    [Fact]
    public void Mutants_that_a_test_noticed_or_that_took_too_long_are_killed()
    {
        var report = MutationReport.Parse("Trends", Report(
            ("Killed", "c >= 1"), ("Timeout", "c < 1"), ("Killed", "c != 1"), ("Survived", "c == 1")));

        Assert.Equal((4, 3, 75.0, 0), (report.Mutants, report.Killed, report.Score, report.Untested));
    }

    [Fact]
    public void Mutants_that_do_not_compile_or_are_ignored_are_none()
    {
        var report = MutationReport.Parse("Trends", Report(
            ("CompileError", "x"), ("Ignored", "x"), ("RuntimeError", "x"), ("Pending", "x"), ("Killed", "x")));

        Assert.Equal((1, 100.0), (report.Mutants, report.Score));
    }

    [Fact]
    public void A_mutant_that_no_test_reaches_has_survived()
    {
        var report = MutationReport.Parse("Trends", Report(("NoCoverage", "true"), ("Killed", "x")));

        Assert.Equal((50.0, 1), (report.Score, report.Untested));
    }

    [Fact]
    public void A_survivor_has_its_place_and_its_code_in_a_line() => Assert.Equal(
        [new MutationSurvivor("Trends/A.cs", 4, "c > 1 && c < 9", "c > 1 || c < 9")],
        MutationReport.Parse("Trends", Report(("Survived", "c > 1\n || c < 9"))).Survivors);

    [Fact]
    public void Long_code_is_shortened()
    {
        var survivor = Assert.Single(MutationReport.Parse("Trends", Report(("Survived", new string('x', 101)))).Survivors);

        Assert.Equal($"{new string('x', 100)}...", survivor.Replacement);
    }

    [Fact]
    public void A_folder_without_mutants_has_no_survivor() =>
        Assert.Equal(100, MutationReport.Parse("Trends", """{ "files": {} }""").Score);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "files": { "A.cs": {} } }""")]
    public void What_is_no_report_is_an_error(string json) => Assert.StartsWith(
        "the report of Stryker on Trends cannot be read: ",
        Assert.Throws<DevException>(() => MutationReport.Parse("Trends", json)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void The_table_lists_the_survivors_and_rounds_no_score_up() => Assert.Equal(
        """
        Trends/A.cs:4: a  ->  b

        | code | mutants | killed | survived | of these without a test | score |
        | --- | ---: | ---: | ---: | ---: | ---: |
        | Trends | 5000 | 4999 | 1 | 0 | 99.9 % |
        | History | 1 | 1 | 0 | 0 | 100.0 % |

        """,
        MutationTable.Format([
            new MutationReport("Trends", 4999, [new MutationSurvivor("Trends/A.cs", 4, "a", "b")], Untested: 0),
            new MutationReport("History", 1, [], Untested: 0),
        ]));

    private static string Report(params (string Status, string Replacement)[] mutants)
    {
        var list = mutants.Select(mutant =>
            $$"""
            { "status": "{{mutant.Status}}", "replacement": {{System.Text.Json.JsonSerializer.Serialize(mutant.Replacement)}},
              "location": { "start": { "line": 4, "column": 9 }, "end": { "line": 5, "column": 17 } } }
            """);
        return $$"""
            { "files": { "/clone/.dev/mutate/Caluma.Healthz/Trends/A.cs": {
              "source": {{System.Text.Json.JsonSerializer.Serialize(Code)}}, "mutants": [ {{string.Join(',', list)}} ] } } }
            """;
    }
}
