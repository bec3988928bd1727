using System.Runtime.InteropServices;

namespace Caluma.Healthz.Trends;

/// <summary>Buckets of one width in the order of time.</summary>
internal static class Timeline
{
    /// <summary>The first moment of the bucket that holds <paramref name="time"/>.</summary>
    public static DateTimeOffset Floor(DateTimeOffset time, TimeSpan width) =>
        new(time.UtcTicks - (time.UtcTicks % width.Ticks), TimeSpan.Zero);

    /// <summary>The bucket that starts at <paramref name="start"/>; it is made where it is missing. Time may go back: clocks do.</summary>
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
    /// Whether a bucket is in the window of this length that ends now: it begins after the window does, so that a window is never longer
    /// than its name says. What a clock that was ahead has left lies after now.
    /// </summary>
    public static bool IsIn(DateTimeOffset start, DateTimeOffset now, TimeSpan length) => start > now - length && start <= now;

    /// <summary>The buckets in that window. They are looked for from the end on: most windows are much shorter than what is kept.</summary>
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
