using System.Buffers;

namespace Caluma.Healthz.Tests.History;

/// <summary>A log or document in a <see cref="MemoryHistoryStorage"/>.</summary>
internal sealed class MemoryBlob
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public bool IsLog { get; init; }

    public bool IsSealed { get; set; }

    /// <summary>The content; a new array for each write.</summary>
    public ReadOnlyMemory<byte> Content { get => _content.WrittenMemory; init => _content.Write(value.Span); }

    public long Version { get; set; }

    /// <summary>The holder of its lock; null for none.</summary>
    public string? Holder { get; set; }

    public DateTimeOffset HeldUntil { get; set; }

    /// <summary>Appends to the content.</summary>
    public void Append(ReadOnlySpan<byte> content) => _content.Write(content);
}
