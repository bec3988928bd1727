using System.Runtime.InteropServices;

namespace Caluma.Healthz.Trends;

/// <summary>Buckets of the same width in the order of time.</summary>
internal static class Timeline
{
    /// <summary>The first moment of the bucket that holds <paramref name="time"/>.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan width) =>
        new(time.UtcTicks - (time.UtcTicks % width.Ticks), TimeSpan.Zero);

    /// <summary>Finds or adds the bucket that starts at <paramref name="start"/>. Time may go back, because clocks do.</summary>
    public static T At<T>(List<T> buckets, DateTimeOffset start, Func<T, DateTimeOffset> startOf, Func<DateTimeOffset, T> create)
    {
        var at = buckets.Count;
        while (at > 0 && startOf(buckets[at - 1]) > start)
        {
            at--;
        }

        if (at > 0 && startOf(buckets[at - 1]) == start)
        {
            return buckets[at - 1];
        }

        var bucket = create(start);
        buckets.Insert(at, bucket);
        return bucket;
    }

    /// <summary>
    /// Whether a bucket is in the window of this length that ends now. It must begin after the window does, so that a window is never
    /// longer than its name says. A clock that was ahead may have left buckets after now.
    /// </summary>
    public static bool IsIn(DateTimeOffset start, DateTimeOffset now, TimeSpan length) => start > now - length && start <= now;

    /// <summary>
    /// The buckets in that window. The search starts at the end, because most windows are much shorter than the
    /// timeline.
    /// </summary>
    public static ReadOnlySpan<T> In<T>(List<T> buckets, Func<T, DateTimeOffset> startOf, DateTimeOffset now, TimeSpan length)
    {
        var end = buckets.Count;
        while (end > 0 && startOf(buckets[end - 1]) > now)
        {
            end--;
        }

        var first = end;
        for (var start = now - length; first > 0 && startOf(buckets[first - 1]) > start;)
        {
            first--;
        }

        return CollectionsMarshal.AsSpan(buckets)[first..end];
    }
}
