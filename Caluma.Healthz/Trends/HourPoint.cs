using System.Text.Json.Serialization;

namespace Caluma.Healthz.Trends;

/// <summary>The figures of a whole hour that the rules need.</summary>
internal sealed class HourPoint : CountedPeriod
{
    /// <summary>
    /// The p95 of the passing runs in milliseconds, over this hour and as many before it as are needed for enough runs; null where there
    /// are too few.
    /// </summary>
    public double? P95 { get; init; }

    /// <summary>The number of those hours, including this one.</summary>
    public int Hours { get; init; }

    /// <summary>How long the passing runs of this hour alone typically took.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public LatencyLevel Level
    {
        get => field.Count > 0 || P50 is not { } p50 ? field : Estimated(p50);
        init;
    }

    /// <summary>The median of the runs of <see cref="P95"/>, which earlier versions wrote in place of a level.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double? P50 { get; init; }

    /// <summary>
    /// The p95 of passing and timed-out runs, in milliseconds; null where no run timed out, or where this p95 is the timeout.
    /// </summary>
    public double? P95WithTimeouts { get; init; }

    /// <summary>Whether the p95 of passing and timed-out runs is the timeout.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAtTimeout { get; init; }

    /// <summary>The p95 of passing and timed-out runs, in milliseconds. A timed-out run counts with the timeout.</summary>
    public double? P95Within(double timeoutMs) => IsAtTimeout ? timeoutMs : P95WithTimeouts ?? P95;

    /// <summary>Assumes normally distributed logarithms: the median is their mean, and the p95 is 1.645 deviations above it.</summary>
    private LatencyLevel Estimated(double p50)
    {
        var (count, mean) = (Math.Max(0, Runs - Failed), Math.Log(p50));
        var deviation = (Math.Log(P95 ?? p50) - mean) / 1.645;
        return new LatencyLevel(count, count * mean, count * ((mean * mean) + (deviation * deviation)));
    }
}
