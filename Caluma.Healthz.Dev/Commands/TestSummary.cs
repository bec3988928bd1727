using System.Globalization;
using System.Xml.Linq;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>The last line of <c>./dev test</c>.</summary>
internal static class TestSummary
{
    /// <summary>Reads the reports of a run: the last line, and whether all tests passed.</summary>
    /// <param name="reports">The reports, as trx.</param>
    /// <param name="exitCode">The exit code of the run.</param>
    public static (string Line, bool Ok) Of(IReadOnlyCollection<XDocument> reports, int exitCode)
    {
        var counters = reports.SelectMany(report => report.Descendants()).Where(element => element.Name.LocalName == "Counters").ToList();
        var (passed, skipped, failed) = (Sum("passed"), Sum("notExecuted"), Sum("failed") + Sum("error") + Sum("timeout") + Sum("aborted"));
        if (passed + failed == 0)
        {
            throw new DevException($"no test has run (exit code {exitCode}).");
        }

        if (exitCode != 0 && failed == 0)
        {
            throw new DevException($"{passed} tests passed and none failed, but the run did (exit code {exitCode}).");
        }

        return ($"{passed} passed, {failed} failed{(skipped > 0 ? $", {skipped} skipped" : "")}", exitCode == 0 && failed == 0);

        int Sum(string name) => counters.Sum(counter => int.Parse((string?)counter.Attribute(name) ?? "0", CultureInfo.InvariantCulture));
    }
}
