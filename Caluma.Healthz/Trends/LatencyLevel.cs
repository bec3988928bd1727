using System.Text.Json.Serialization;
using Caluma.Healthz.History;

namespace Caluma.Healthz.Trends;

/// <summary>
/// How long passing runs typically take: the mean of the logarithms of their milliseconds. A tail moves it little, and it does not jump
/// between two modes as a median does. Levels add up, so that hours can be compared together.
/// </summary>
/// <param name="Count">How many runs.</param>
/// <param name="Sum">The sum of the logarithms.</param>
/// <param name="Squares">The sum of their squares.</param>
internal readonly record struct LatencyLevel(long Count, double Sum, double Squares)
{
    /// <summary>The level: a difference of 0.7 is a factor of two.</summary>
    [JsonIgnore]
    public double Mean => Sum / Count;

    /// <summary>How much all runs scatter around it: the sum of the squares of the differences.</summary>
    [JsonIgnore]
    public double Scatter => Math.Max(0, Squares - (Sum * Mean));

    public static LatencyLevel operator +(LatencyLevel one, LatencyLevel other) =>
        new(one.Count + other.Count, one.Sum + other.Sum, one.Squares + other.Squares);

    public static LatencyLevel operator -(LatencyLevel one, LatencyLevel other) =>
        new(one.Count - other.Count, one.Sum - other.Sum, one.Squares - other.Squares);

    /// <summary>The same in fewer digits, as it is written.</summary>
    public LatencyLevel Rounded() => new(Count, Math.Round(Sum, 3), Math.Round(Squares, 3));

    /// <summary>The level of what was measured, within 1 %.</summary>
    public static LatencyLevel Of(LatencyHistogram latency)
    {
        var (sum, squares) = (0d, 0d);
        foreach (var (logarithm, count) in latency.Logarithms)
        {
            sum += count * logarithm;
            squares += count * logarithm * logarithm;
        }

        return new LatencyLevel(latency.Count, sum, squares);
    }
}
