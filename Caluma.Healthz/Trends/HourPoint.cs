using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The figures of a whole hour that the rules need.</summary>
internal sealed class HourPoint
{
    /// <summary>Its first moment.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The number of runs that count.</summary>
    public int Runs { get; set; }

    /// <summary>The number of those that failed.</summary>
    public int Failed { get; set; }

    /// <summary>The first failure; null where there is none.</summary>
    public DateTimeOffset? FirstFailed { get; set; }

    /// <summary>
    /// The median of the passing runs of this hour and of as many hours before it as it takes for enough of them, in milliseconds; null
    /// where there were too few.
    /// </summary>
    public double? P50 { get; init; }

    /// <summary>The number of those hours, including this one.</summary>
    public int Hours { get; init; }

    /// <summary>The p95 of the same runs.</summary>
    public double? P95 { get; init; }

    /// <summary>The p95 that counts runs that ended by the timeout, too; null where no run did, or where that p95 is the timeout.</summary>
    public double? P95WithTimeouts { get; init; }

    /// <summary>Whether the p95 that counts these runs is the timeout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAtTimeout { get; init; }

    /// <summary>The p95 in which runs that ended by the timeout count with the timeout.</summary>
    public double? P95Within(double timeoutMs) => IsAtTimeout ? timeoutMs : P95WithTimeouts ?? P95;
}
