namespace Caluma.Healthz.Checks;

/// <summary>
/// Reads an answer up to a length, and fails beyond it: a server that is hostile or broken could otherwise fill the memory of the probe
/// within the timeout.
/// </summary>
/// <param name="content">The answer.</param>
/// <param name="limit">Its maximum length in bytes.</param>
internal sealed class BoundedStream(Stream content, long limit) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(content.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Count(content.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await content.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <exception cref="HttpRequestException">The answer is too long.</exception>
    private int Count(int read) => (_read += read) <= limit ? read
        : throw new HttpRequestException(HttpRequestError.InvalidResponse, $"The answer is longer than {limit} bytes.");
}
