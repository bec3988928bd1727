using System.IO.Enumeration;

namespace Caluma.Healthz.Dev.Commands;

/// <summary>Files that <c>./dev mutate</c> changes, and the tests that it asks.</summary>
/// <param name="Name">The name in the table.</param>
/// <param name="Folder">The folder, relative to the library.</param>
/// <param name="Files">The names of its files, with <c>*</c>.</param>
/// <param name="Tests">Folders and classes of the tests.</param>
internal sealed record MutatedPart(string Name, string Folder, IReadOnlyList<string> Files, IReadOnlyList<string> Tests)
{
    /// <summary>
    /// What decides: rules, calculators, folds, filters, reasons, settings and parsers. Of the checks the rest talks to servers, which no
    /// fast test starts. Of the history the rest are storages: slow tests ask each storage the same. What the history counts and filters is
    /// tested where it is used. Calculators have tests of their own, because those of the rules tell stories of days: a survivor would take
    /// a minute.
    /// </summary>
    private static readonly MutatedPart[] _all =
    [
        new("Checks", "Checks", ["*Errors.cs", "*Failure.cs", "S3Region.cs", "SaslPrep.cs"], ["Checks"]),
        Whole("Configuration"),
        new(
            "History",
            "History",
            [
                "*Converter.cs", "Day*.cs", "Document*.cs", "*Failure.cs", "HistoryNames.cs", "Hour*.cs", "LatencyHistogram.cs",
                "LogPosition.cs", "PeriodSummary.cs", "Re*.cs", "Ser*.cs", "StoredCounts.cs", "SummaryDocument.cs", "T*.cs",
            ],
            [
                "History", "Http/HistoryFilterTests", "Http/HistoryQueryTests", "Http/HistoryRouteTests", "Recording/RetentionTests",
                "Recording/RollupUpdaterTests", "Recording/SummaryUpdaterTests", "Trends/UnreadableDayTests",
            ]),
        Whole("Http"),
        Whole("Migrations"),
        new(
            "Trends, calculators",
            "Trends",
            [
                "Chance.cs", "Drift.cs", "ExpectedRuns.cs", "FailingRow.cs", "Forecast.cs", "LatencyPool.cs", "LevelHistory.cs",
                "MissedRuns.cs", "TheilSen.cs",
            ],
            [
                "Trends/ChanceTests", "Trends/DriftTests", "Trends/ExpectedRunsTests", "Trends/FailingRowTests", "Trends/LatencyDriftTests",
                "Trends/LatencyPoolTests", "Trends/LevelHistoryTests", "Trends/MissedRunsTests", "Trends/TheilSenTests",
                "Trends/TimeoutForecastTests",
            ]),
        new(
            "Trends, rules",
            "Trends",
            ["AffectedSystem*.cs", "AlertEngine.cs", "Incident*.cs", "RuleWindows.cs", "RunCount.cs", "SeriesState.cs", "TimeBucket.cs"],
            [
                "Recording/AlertStateRecoveryTests", "Trends/AffectedSystemsTests", "Trends/AlertEngineTests", "Trends/AlertLimitTests",
                "Trends/BurnRateTests", "Trends/ClockTests", "Trends/FailingRowTests", "Trends/IncidentEngineTests",
                "Trends/IncidentGroupTests", "Trends/IncidentStateTests", "Trends/IncidentTimelineTests", "Trends/LatencyDriftTests",
                "Trends/MissingDataTests", "Trends/PagedIncidentTests", "Trends/RuleWindowsTests", "Trends/SeriesStateTests",
                "Trends/TicketTests", "Trends/TimeoutForecastTests",
            ]),
    ];

    /// <value>The folders that have such parts.</value>
    public static IEnumerable<string> Folders => _all.Select(part => part.Folder).Distinct();

    /// <summary>The files as globs.</summary>
    public IEnumerable<string> Globs => Files.Select(name => $"{Prefix}**/{name}");

    /// <summary>A file beside the folders of the library has none.</summary>
    private string Prefix => Folder.Length == 0 ? "" : $"{Folder}/";

    /// <summary>The parts of a folder or file. A file is asked the tests of its part, or those of its folder.</summary>
    public static IReadOnlyList<MutatedPart> Of(string place)
    {
        if (!place.EndsWith(".cs", StringComparison.Ordinal))
        {
            return [.. _all.Where(part => part.Folder == place).DefaultIfEmpty(Whole(place))];
        }

        var folder = Path.GetDirectoryName(place)!;
        var whole = _all.FirstOrDefault(part => part.Has(place)) ?? Whole(folder);
        return [whole with { Name = place, Folder = folder, Files = [Path.GetFileName(place)] }];
    }

    /// <summary>Whether a file of the library is one of these.</summary>
    public bool Has(string file) => file.StartsWith(Prefix, StringComparison.Ordinal)
        && Files.Any(name => FileSystemName.MatchesSimpleExpression(name, Path.GetFileName(file), ignoreCase: false));

    private static MutatedPart Whole(string folder) => new(folder, folder, ["*.cs"], [folder]);
}
