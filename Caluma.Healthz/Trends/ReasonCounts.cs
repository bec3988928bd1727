namespace Caluma.Healthz.Trends;

/// <summary>The numbers of failures by reason, the most frequent first. Compared by value.</summary>
internal sealed class ReasonCounts : IEquatable<ReasonCounts>
{
    private readonly KeyValuePair<Reason, int>[] _counts;

    private ReasonCounts(IEnumerable<KeyValuePair<Reason, int>> counts) => _counts =
    [
        .. counts
            .GroupBy(count => count.Key, count => count.Value)
            .Select(reason => KeyValuePair.Create(reason.Key, reason.Sum()))
            .OrderByDescending(count => count.Value)
            .ThenBy(count => count.Key),
    ];

    /// <summary>Adds up the numbers of each reason.</summary>
    internal static ReasonCounts Of(IEnumerable<KeyValuePair<Reason, int>> counts) => counts.Any() ? new(counts) : None;

    /// <summary>No failures.</summary>
    public static ReasonCounts None { get; } = new([]);

    /// <summary>The number of reasons.</summary>
    public int Count => _counts.Length;

    /// <summary>Each reason with its number of failures.</summary>
    public IReadOnlyList<KeyValuePair<Reason, int>> All => _counts;

    /// <summary>The most frequent reason; null where there is none.</summary>
    public Reason? Main => _counts is [var first, ..] ? first.Key : null;

    /// <inheritdoc />
    public bool Equals(ReasonCounts? other) => other is not null && _counts.AsSpan().SequenceEqual(other._counts);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ReasonCounts);

    /// <inheritdoc />
    public override int GetHashCode() => _counts.Aggregate(0, (hash, count) => HashCode.Combine(hash, count.Key, count.Value));

    /// <summary>Formats the codes with their numbers: <c>connect ×9, timeout ×2</c>.</summary>
    public override string ToString() => string.Join(", ", _counts.Select(count => $"{count.Key.Code()} ×{count.Value}"));
}
