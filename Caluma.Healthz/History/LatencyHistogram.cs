using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// How long passing checks took: a histogram whose buckets grow by 2 %, so that a quantile is off by at most 1 % of its value, and two
/// of which merge without a further error (the idea of DDSketch, https://www.vldb.org/pvldb/vol12/p2195-masson.pdf).
/// </summary>
[JsonConverter(typeof(LatencyJsonConverter))]
internal sealed class LatencyHistogram
{
    /// <summary>What is faster counts as this: 10 µs.</summary>
    public const double MinMilliseconds = 0.01;

    private const double Growth = 1.02;

    private static readonly double _logGrowth = Math.Log(Growth);
    private static readonly int _minIndex = IndexOf(MinMilliseconds);
    private static readonly int _maxIndex = IndexOf(TimeSpan.FromDays(1).TotalMilliseconds);

    private readonly List<(int Index, int Count)> _buckets = [];

    /// <summary>How many values it has taken.</summary>
    public long Count { get; private set; }

    internal IReadOnlyList<(int Index, int Count)> Buckets => _buckets;

    /// <summary>Takes a value.</summary>
    public void Add(double milliseconds) => AddTo(IndexOf(milliseconds), 1);

    /// <summary>Takes all values of another.</summary>
    public void Merge(LatencyHistogram other)
    {
        foreach (var (index, count) in other._buckets)
        {
            AddTo(index, count);
        }
    }

    /// <summary>The value that a share of all values does not exceed, in milliseconds: the nearest rank, within 1 %.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <returns>Null where there is no value.</returns>
    public double? Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        foreach (var (index, count) in _buckets)
        {
            rank -= count;
            if (rank <= 0)
            {
                // The middle of the bucket, by which the error is the same to both sides.
                return 2 * Math.Pow(Growth, index) / (1 + Growth);
            }
        }

        return null;
    }

    /// <summary>The same for people and JSON, with two decimals.</summary>
    internal double? Rounded(double share) => Quantile(share) is { } quantile ? Math.Round(quantile, 2) : null;

    /// <summary>Adds a bucket that was read.</summary>
    /// <returns>False where it cannot be one.</returns>
    internal bool TryAddBucket(int index, int count)
    {
        if (count <= 0 || count > int.MaxValue - Count || index < _minIndex || index > _maxIndex)
        {
            return false;
        }

        AddTo(index, count);
        return true;
    }

    private static int IndexOf(double milliseconds) => (int)Math.Ceiling(Math.Log(Math.Max(milliseconds, MinMilliseconds)) / _logGrowth);

    private void AddTo(int index, int count)
    {
        index = Math.Clamp(index, _minIndex, _maxIndex);
        Count += count;
        var (low, high) = (0, _buckets.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _buckets[middle].Index < index ? (middle + 1, high) : (low, middle);
        }

        if (low < _buckets.Count && _buckets[low].Index == index)
        {
            _buckets[low] = (index, _buckets[low].Count + count);
        }
        else
        {
            _buckets.Insert(low, (index, count));
        }
    }
}
