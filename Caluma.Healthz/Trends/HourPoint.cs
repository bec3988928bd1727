using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>What of a whole hour the rules need to know.</summary>
internal sealed class HourPoint
{
    /// <summary>Its first moment.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The number of runs that count.</summary>
    public int Runs { get; set; }

    /// <summary>The number of those that failed.</summary>
    public int Failed { get; set; }

    /// <summary>The first of those; null where there is none.</summary>
    public DateTimeOffset? FirstFailed { get; set; }

    /// <summary>
    /// The median of the passing runs in milliseconds, of this hour and as many before it as it takes for enough of them; null where there
    /// were too few.
    /// </summary>
    public double? P50 { get; init; }

    /// <summary>How many hours that are, this one among them.</summary>
    public int Hours { get; init; }

    /// <summary>The p95 of the same runs.</summary>
    public double? P95 { get; init; }

    /// <summary>
    /// The p95 if what the timeout ended is counted too; null where there was none such, or where the p95 is one of those.
    /// </summary>
    public double? P95WithTimeouts { get; init; }

    /// <summary>Whether it is one of those: the p95 is the timeout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAtTimeout { get; init; }

    /// <summary>The p95 with a timeout for each run that it ended.</summary>
    public double? P95Within(double timeoutMs) => IsAtTimeout ? timeoutMs : P95WithTimeouts ?? P95;
}
