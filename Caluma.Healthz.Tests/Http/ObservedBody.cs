namespace Caluma.Healthz.Tests.Http;

/// <summary>A body that tells of each piece that is written into it.</summary>
/// <param name="written">Told how many bytes were written before, and the piece.</param>
internal sealed class ObservedBody(Action<long, ReadOnlyMemory<byte>> written) : Stream
{
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        written(_length, buffer);
        _length += buffer.Length;
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <remarks>As in ASP.NET Core, where a body is not to be written to in a way that blocks.</remarks>
    public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException();

    public override void Flush() => throw new InvalidOperationException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
