namespace Caluma.Healthz.Configuration;

/// <summary>Where runs are recorded.</summary>
internal sealed class HistoryOptions
{
    /// <summary>The default retention.</summary>
    internal const int PresetRetentionDays = 90;

    /// <summary>The message where there is no history.</summary>
    internal const string NotRecorded =
        "No history is recorded: set Healthz__History__ConnectionString, Healthz__History__ServiceUri, Healthz__History__Folder "
        + "or AzureWebJobsStorage";

    /// <summary>The container, which is created where it is missing; null where there is a <see cref="Folder"/>.</summary>
    public BlobStorageOptions? Storage { get; init; }

    /// <summary>The path of the folder, which is created where it is missing; null where there is a <see cref="Storage"/>.</summary>
    public string? Folder { get; init; }

    /// <value>The retention of records in days, from 1 to 3650. Default: 90. Rollups are kept for at least 400 days.</value>
    public int RetentionDays { get; init; } = PresetRetentionDays;
}
