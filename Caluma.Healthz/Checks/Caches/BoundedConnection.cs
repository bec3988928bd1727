namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// A connection that may receive an amount of bytes at once, and a rate of bytes in the long run. The replies of a run have a few KB, so a
/// connection that is kept for months stays far below the rate.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="time">The clock of the rate.</param>
internal sealed class BoundedConnection(Stream connection, TimeProvider time) : CountedStream(connection)
{
    /// <summary>CLUSTER NODES of 1,000 servers has 150 KB.</summary>
    public const long MaxAtOnce = 8 * 1024 * 1024;

    private const long BytesPerSecond = 64 * 1024;

    private long _left = MaxAtOnce;
    private long _filled = time.GetTimestamp();

    /// <exception cref="IOException">The server sends too much.</exception>
    protected override int Count(int read)
    {
        var now = time.GetTimestamp();
        var filled = (long)(time.GetElapsedTime(_filled, now).TotalSeconds * BytesPerSecond);
        if (filled > 0)
        {
            (_left, _filled) = (Math.Min(MaxAtOnce, _left + filled), now);
        }

        _left -= read;
        return _left >= 0 ? read : throw new IOException("The server sends more than any reply has.");
    }
}
