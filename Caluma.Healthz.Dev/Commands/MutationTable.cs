using System.Globalization;
using System.Text;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>The output of <c>./dev mutate</c>: the survivors, and a table that fits into docs/testing.md.</summary>
internal static class MutationTable
{
    public static string Format(IReadOnlyCollection<MutationReport> reports)
    {
        var text = new StringBuilder();
        foreach (var survivor in reports.SelectMany(report => report.Survivors))
        {
            text.Append(CultureInfo.InvariantCulture, $"{survivor.File}:{survivor.Line}: ")
                .Append(CultureInfo.InvariantCulture, $"{survivor.Original}  ->  {survivor.Replacement}\n");
        }

        text.Append(text.Length > 0 ? "\n" : "").Append("| code | mutants | killed | survived | of these without a test | score |\n");
        text.Append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
        foreach (var report in reports)
        {
            // Rounded down: 94.96 is not 95.
            var score = Math.Floor(report.Score * 10) / 10;
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {report.Place} | {report.Mutants} | {report.Killed} | {report.Survivors.Count} | {report.Untested} |");
            text.Append(CultureInfo.InvariantCulture, $" {score:0.0} % |\n");
        }

        return text.ToString();
    }
}
