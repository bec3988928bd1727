using System.Globalization;
using System.Xml.Linq;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class TestSummaryTests
{
    [Fact]
    public void The_reports_are_added_up() =>
        Assert.Equal(("5 passed, 0 failed", true), TestSummary.Of([Report(passed: 2), Report(passed: 3)], exitCode: 0));

    [Fact]
    public void Skipped_tests_are_counted() =>
        Assert.Equal(("5 passed, 0 failed, 2 skipped", true), TestSummary.Of([Report(passed: 5, skipped: 2)], exitCode: 0));

    [Theory]
    [InlineData("failed")]
    [InlineData("error")]
    [InlineData("timeout")]
    [InlineData("aborted")]
    public void Every_other_outcome_counts_as_a_failure(string kind)
    {
        var report = Report(passed: 5);
        report.Descendants().Single(element => element.Name.LocalName == "Counters").SetAttributeValue(kind, 1);

        Assert.Equal(("5 passed, 1 failed", false), TestSummary.Of([report], exitCode: 2));
        Assert.False(TestSummary.Of([report], exitCode: 0).Ok);
    }

    [Fact]
    public void A_run_without_tests_is_a_failure()
    {
        Assert.Equal("no test has run (exit code 8).", Assert.Throws<DevException>(() => TestSummary.Of([], 8)).Message);
        Assert.Throws<DevException>(() => TestSummary.Of([Report(passed: 0, skipped: 3)], 0));
    }

    [Fact]
    public void A_run_that_fails_without_a_failed_test_counts_as_a_failure() => Assert.Equal(
        "5 tests passed and none failed, but the run did (exit code 7).",
        Assert.Throws<DevException>(() => TestSummary.Of([Report(passed: 5)], 7)).Message);

    private static XDocument Report(int passed, int skipped = 0) => XDocument.Parse(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <ResultSummary><Counters total="9" passed="{passed}" failed="0" error="0" notExecuted="{skipped}" /></ResultSummary>
        </TestRun>
        """));
}
