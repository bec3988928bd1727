using System.Text.Json;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>What became of the mutants of a folder or file.</summary>
/// <param name="Place">The folder or file, relative to the library.</param>
/// <param name="Killed">Those that a test failed on, or that ran into the time limit.</param>
/// <param name="Survivors">Those that no test failed on.</param>
/// <param name="Untested">How many of the survivors no test reaches.</param>
internal sealed record MutationReport(string Place, int Killed, IReadOnlyList<MutationSurvivor> Survivors, int Untested)
{
    /// <summary>The lowest score, in percent, that is good enough.</summary>
    public const double MinScore = 95;

    public int Mutants => Killed + Survivors.Count;

    /// <summary>The percentage of mutants that were killed; 100 without any.</summary>
    public double Score => Mutants == 0 ? 100 : 100.0 * Killed / Mutants;

    /// <summary>
    /// Reads a report of Stryker (https://github.com/stryker-mutator/mutation-testing-elements, schema 2). Mutants that do not compile, end
    /// the process or are ignored are none.
    /// </summary>
    /// <exception cref="DevException">It is no such report.</exception>
    public static MutationReport Parse(string place, string json)
    {
        try
        {
            using var report = JsonDocument.Parse(json);
            var mutants =
                from file in report.RootElement.GetProperty("files").EnumerateObject()
                let lines = file.Value.GetProperty("source").GetString()!.Split('\n')
                from mutant in file.Value.GetProperty("mutants").EnumerateArray()
                select (Status: mutant.GetProperty("status").GetString(), Survivor: MutationSurvivor.Read(file.Name, lines, mutant));
            var byStatus = mutants.ToLookup(mutant => mutant.Status, mutant => mutant.Survivor);
            return new MutationReport(
                place,
                byStatus["Killed"].Count() + byStatus["Timeout"].Count(),
                [.. byStatus["Survived"].Concat(byStatus["NoCoverage"])
                    .OrderBy(survivor => survivor.File, StringComparer.Ordinal).ThenBy(survivor => survivor.Line)],
                byStatus["NoCoverage"].Count());
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new DevException($"the report of Stryker on {place} cannot be read: {exception.Message}");
        }
    }
}
