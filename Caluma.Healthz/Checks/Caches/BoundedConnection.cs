namespace Caluma.Healthz.Checks.Caches;

/// <summary>
/// A connection that may receive an amount of bytes at once, and a rate of bytes in the long run. The replies of a run have a few KB, so a
/// connection that is kept for months stays far below the rate.
/// </summary>
/// <param name="connection">The connection.</param>
/// <param name="time">The clock of the rate.</param>
internal sealed class BoundedConnection(Stream connection, TimeProvider time) : Stream
{
    /// <summary>CLUSTER NODES of 1,000 servers has 150 KB.</summary>
    public const long MaxAtOnce = 8 * 1024 * 1024;

    private const long BytesPerSecond = 64 * 1024;

    private long _left = MaxAtOnce;
    private long _filled = time.GetTimestamp();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(connection.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(connection.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await connection.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => connection.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        connection.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => connection.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <exception cref="IOException">The server sends too much.</exception>
    private int Count(int read)
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
