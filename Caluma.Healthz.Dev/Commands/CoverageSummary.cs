using System.Globalization;
using System.Xml.Linq;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>The line of <c>./dev test --coverage</c> before its last one.</summary>
internal static class CoverageSummary
{
    /// <summary>Adds up reports in the format of Cobertura.</summary>
    /// <exception cref="DevException">No line could be reached.</exception>
    public static string Of(IReadOnlyCollection<XDocument> reports)
    {
        var (lines, branches) = (Sum("lines-valid"), Sum("branches-valid"));
        return lines == 0
            ? throw new DevException("the tests have run, but there is no report of their coverage.")
            : $"{Share(Sum("lines-covered"), lines)} of {lines} lines and "
                + $"{Share(Sum("branches-covered"), branches)} of {branches} branches reached";

        int Sum(string name) => reports.Sum(report => (int?)report.Root!.Attribute(name) ?? 0);
    }

    /// <summary>Rounded down, so that only all are 100 %.</summary>
    private static string Share(int covered, int valid) =>
        string.Create(CultureInfo.InvariantCulture, $"{(valid == 0 ? 100 : Math.Floor(1000.0 * covered / valid) / 10):0.0} %");
}
