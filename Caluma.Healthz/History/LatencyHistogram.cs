using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace Caluma.Healthz.History;

/// <summary>
/// A histogram of the latencies of passing checks. Its buckets grow by 2 %, so the error of a quantile is at most 1 % of its value, and
/// merging two histograms adds no error (the idea of DDSketch, https://www.vldb.org/pvldb/vol12/p2195-masson.pdf).
/// </summary>
[JsonConverter(typeof(LatencyJsonConverter))]
internal sealed class LatencyHistogram
{
    /// <summary>Shorter latencies count as this one: 10 µs.</summary>
    public const double MinMilliseconds = 0.01;

    private const double Growth = 1.02;

    private static readonly double _logGrowth = Math.Log(Growth);
    private static readonly double _logOfMiddle = Math.Log(2 / (1 + Growth));
    private static readonly int _minIndex = IndexOf(MinMilliseconds);
    private static readonly int _maxIndex = IndexOf(TimeSpan.FromDays(1).TotalMilliseconds);

    private List<(int Index, int Count)> _buckets = [];

    /// <summary>The number of values.</summary>
    public long Count { get; private set; }

    internal IReadOnlyList<(int Index, int Count)> Buckets => _buckets;

    /// <summary>The natural logarithms of the values in milliseconds, within 0.01, and how many there are of each.</summary>
    internal IEnumerable<(double Logarithm, int Count)> Logarithms =>
        _buckets.Select(bucket => (_logOfMiddle + (bucket.Index * _logGrowth), bucket.Count));

    /// <summary>Adds a value.</summary>
    public void Add(double milliseconds) => AddTo(IndexOf(milliseconds), 1);

    /// <summary>Adds all values of another histogram.</summary>
    public void Merge(LatencyHistogram other)
    {
        var merged = new List<(int Index, int Count)>(Math.Max(_buckets.Count, other._buckets.Count));
        var ours = CollectionsMarshal.AsSpan(_buckets);
        var theirs = CollectionsMarshal.AsSpan(other._buckets);
        while (!ours.IsEmpty && !theirs.IsEmpty)
        {
            var ((index, count), (otherIndex, otherCount)) = (ours[0], theirs[0]);
            merged.Add((Math.Min(index, otherIndex), (index <= otherIndex ? count : 0) + (otherIndex <= index ? otherCount : 0)));
            ours = ours[(index <= otherIndex ? 1 : 0)..];
            theirs = theirs[(otherIndex <= index ? 1 : 0)..];
        }

        merged.AddRange(ours);
        merged.AddRange(theirs);
        (_buckets, Count) = (merged, Count + other.Count);
    }

    /// <summary>The quantile by nearest rank, in milliseconds, within 1 %.</summary>
    /// <param name="share">The share of values that do not exceed it, from 0 to 1.</param>
    /// <returns>Null for an empty histogram.</returns>
    public double? Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        foreach (var (index, count) in _buckets)
        {
            rank -= count;
            if (rank <= 0)
            {
                // The middle of the bucket, so that the error is the same to both sides.
                return 2 * Math.Pow(Growth, index) / (1 + Growth);
            }
        }

        return null;
    }

    /// <summary>The quantile with two decimals, for people and JSON.</summary>
    internal double? Rounded(double share) => Quantile(share) is { } quantile ? Math.Round(quantile, 2) : null;

    /// <summary>Adds a bucket from JSON.</summary>
    /// <returns>False where the numbers are invalid.</returns>
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
