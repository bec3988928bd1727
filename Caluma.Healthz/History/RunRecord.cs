using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>A recorded run: one line of the log. <see cref="Tick"/> and <see cref="Instance"/> identify it.</summary>
/// <param name="Tick">The moment of the schedule for which it ran.</param>
/// <param name="Started">When it started.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Ok">Whether all checks passed.</param>
/// <param name="Late">Whether the timer fired late.</param>
/// <param name="Maintenance">Whether it ran during maintenance and does not count.</param>
/// <param name="Source">The recorder: <c>timer</c>, <c>server</c> or, in a demonstration, <c>demo</c>.</param>
/// <param name="Instance">The process that ran it.</param>
/// <param name="Checks">One for each check and target.</param>
internal sealed record RunRecord(
    DateTimeOffset Tick,
    DateTimeOffset Started,
    double DurationMs,
    bool Ok,
    bool Late,
    bool Maintenance,
    string Source,
    string Instance,
    IReadOnlyList<CheckRecord> Checks)
{
    /// <summary>The version of the format.</summary>
    [JsonPropertyOrder(-1)]
    public int V { get; init; } = 1;

    internal DateOnly Day => DateOnly.FromDateTime(Tick.UtcDateTime);
}
