namespace Caluma.Healthz.Benchmarks.Measuring;

/// <summary>What was measured, a value for each round, in the order of the rounds.</summary>
internal sealed class Samples
{
    /// <exception cref="ArgumentException">There is no value.</exception>
    public Samples(params IEnumerable<double> values)
    {
        Values = [.. values];
        if (Values.Count == 0)
        {
            throw new ArgumentException("At least one round must be measured.", nameof(values));
        }
    }

    public IReadOnlyList<double> Values { get; }

    public double Min => Values.Min();

    public double Max => Values.Max();

    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    public double Median
    {
        get
        {
            var sorted = Values.Order().ToList();
            return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    /// <summary>
    /// How many times as much as <paramref name="others"/>, round by round: what a busy machine does to a round, it does to both.
    /// </summary>
    /// <exception cref="ArgumentException">The rounds are not the same.</exception>
    public Samples Over(Samples others) => others.Values.Count == Values.Count
        ? new Samples(Values.Zip(others.Values, (one, other) => one / other))
        : throw new ArgumentException($"{Values.Count} rounds cannot be compared with {others.Values.Count}.", nameof(others));
}
