using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// What days come to, in one document: those of a month, or the newest ones with their hours. It is made from the rollups of the days and
/// says of which version of each, so that it may be lost, torn or late: who reads it takes the rollup itself of a day that it does not
/// hold.
/// </summary>
internal sealed record SummaryDocument
{
    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>In their order.</summary>
    [JsonRequired]
    public IReadOnlyList<DaySummary> Days
    {
        get;
        init => field = value.Contains(null!) ? throw new ArgumentException("A day is missing.", nameof(value)) : value;
    } = [];

    /// <summary>What it says of a day; null where that is made from another version of its rollup.</summary>
    public DaySummary? Find(DateOnly day, string version) =>
        Days.FirstOrDefault(summary => summary.Day == day && summary.Version == version);
}
