using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// A recorded run: one line of the log (design section 5). <see cref="Tick"/> and <see cref="Instance"/> tell records apart.
/// </summary>
/// <param name="Tick">The moment of the schedule that it was run for.</param>
/// <param name="Started">When it began.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
/// <param name="Ok">Whether all checks passed.</param>
/// <param name="Late">Whether the timer came late to it.</param>
/// <param name="Maintenance">Whether it is not to be counted.</param>
/// <param name="Source">What ran it: <c>timer</c>, <c>server</c> or, in a demonstration, <c>demo</c>.</param>
/// <param name="Instance">Which process ran it.</param>
/// <param name="Checks">One per check and target.</param>
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
