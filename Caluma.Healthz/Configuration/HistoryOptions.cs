namespace Caluma.Healthz.Configuration;

/// <summary>Where runs are recorded.</summary>
public sealed class HistoryOptions
{
    /// <summary>The container; it is created where it is missing.</summary>
    public required BlobStorageOptions Storage { get; init; }

    /// <value>How many days records are kept, from 1 to 3650. Default: 90. Rollups, which are small, are kept for 400 days at the least.</value>
    public int RetentionDays { get; init; } = 90;
}
