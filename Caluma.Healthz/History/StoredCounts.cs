using System.Text.Json;

namespace Caluma.Healthz.History;

/// <summary>
/// Tells whether counts in a document can be those of runs. A document with others is broken: sums of them would overflow, and it would
/// be read again and again.
/// </summary>
internal static class StoredCounts
{
    /// <summary>The maximum of an hour: runs every 5 s by a hundred processes make 72,000.</summary>
    public const int MaxOfHour = 100_000;

    /// <summary>The maximum of a day.</summary>
    public const int MaxOfDay = 24 * MaxOfHour;

    /// <exception cref="JsonException">A count is out of range.</exception>
    public static void Require(int max, params IEnumerable<int> counts)
    {
        if (counts.Any(count => count < 0 || count > max))
        {
            throw new JsonException($"A number of runs must be from 0 to {max}.");
        }
    }
}
