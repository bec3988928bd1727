namespace Caluma.Healthz.Tests.History;

/// <summary>A stream that breaks off after a number of bytes, like a cut connection.</summary>
internal sealed class CutStream(Stream content, int bytes) : Stream
{
    private int _left = bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = content.Read(buffer, offset, Math.Min(count, _left));
        if (read == 0 && count > 0)
        {
            throw new IOException("The connection was cut.");
        }

        _left -= read;
        return read;
    }

    /// <remarks>On the thread of the caller; that of the base class would be on another.</remarks>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = new byte[buffer.Length];
        try
        {
            var count = Read(read, 0, read.Length);
            read.AsMemory(0, count).CopyTo(buffer);
            return ValueTask.FromResult(count);
        }
        catch (IOException exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        content.Dispose();
        base.Dispose(disposing);
    }
}
