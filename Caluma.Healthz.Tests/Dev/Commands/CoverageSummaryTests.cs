using System.Xml.Linq;
using Caluma.Healthz.Dev;
using Caluma.Healthz.Dev.Commands;

namespace Caluma.Healthz.Tests.Dev.Commands;

public sealed class CoverageSummaryTests
{
    [Fact]
    public void The_reports_are_added_up() => Assert.Equal(
        "75.0 % of 400 lines and 50.0 % of 20 branches reached",
        CoverageSummary.Of([
            Report(lines: 100, covered: 0, branches: 0, taken: 0),
            Report(lines: 300, covered: 300, branches: 20, taken: 10),
        ]));

    [Fact]
    public void Only_all_are_100_percent() => Assert.Equal(
        "99.9 % of 10000 lines and 100.0 % of 1 branches reached",
        CoverageSummary.Of([Report(lines: 10_000, covered: 9_999, branches: 1, taken: 1)]));

    [Fact]
    public void A_run_without_a_report_is_an_error() => Assert.Equal(
        "the tests have run, but there is no report of their coverage.",
        Assert.Throws<DevException>(() => CoverageSummary.Of([])).Message);

    private static XDocument Report(int lines, int covered, int branches, int taken) => new(new XElement(
        "coverage",
        new XAttribute("lines-valid", lines),
        new XAttribute("lines-covered", covered),
        new XAttribute("branches-valid", branches),
        new XAttribute("branches-covered", taken)));
}
