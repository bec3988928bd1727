using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// The summaries of a month's days, or of the newest days with their hours. Each names the version of the rollup that it was computed from.
/// So the document may be lost, torn or late: readers use the rollup itself for a day that the document lacks.
/// </summary>
internal sealed record SummaryDocument
{
    /// <summary>The version of the format.</summary>
    public int V { get; init; } = 1;

    /// <summary>The days, in order.</summary>
    [JsonRequired]
    public IReadOnlyList<DaySummary> Days
    {
        get;
        init => field = value.Contains(null!) ? throw new ArgumentException("A day is missing.", nameof(value)) : value;
    } = [];

    /// <summary>The summary of a day; null where it was computed from another version of the rollup.</summary>
    public DaySummary? Find(DateOnly day, string version) =>
        Days.FirstOrDefault(summary => summary.Day == day && summary.Version == version);
}
